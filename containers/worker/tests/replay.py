"""Runs a training command in which sampling is replaced by a replay of recorded completions.

``python replay.py sft|grpo CONFIG ROWS [SIGNAL STEP]`` sends itself the signal as the step begins;
of several processes only the last one does.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

from r1sgg_worker import grpo, sft, training_run
from r1sgg_worker.__main__ import main
from r1sgg_worker.rows import SftRow, load_rows


@contextmanager
def replaying(recorded_in: Path):
    """A test double: GRPO's samples are the answers of a file, none of them sampled.

    Which ones a prompt gets is decided by its image, so that they differ between prompts and a
    wrong order of the data shows in the loss.
    """
    from trl import GRPOTrainer

    from r1sgg_worker.checkpointing import Checkpointing
    from r1sgg_worker.grpo_trainer import ResumableOrder, WatchedRollouts

    answers = [row.completion[0].content for row in load_rows(recorded_in, SftRow)]

    class Samples(GRPOTrainer):
        def _generate_single_turn(self, prompt_ids, images, *_, **__):
            tokenizer = self.processing_class.tokenizer
            completions = []
            for index, (image,) in enumerate(images):
                digest = hashlib.sha256(image.tobytes()).digest()[0]
                chosen = digest + index % self.num_generations
                ids = tokenizer(answers[chosen % len(answers)])["input_ids"]
                length = 8 + (5 * chosen) % 24
                completions.append([*ids[:length], tokenizer.eos_token_id])
            return completions, None

    class Replay(Checkpointing, ResumableOrder, WatchedRollouts, Samples):
        pass

    @contextmanager
    def open_trainer(_config, _endpoints, _run, arguments):
        yield Replay(**arguments)

    before, grpo.open_trainer = grpo.open_trainer, open_trainer
    try:
        yield
    finally:
        grpo.open_trainer = before


@contextmanager
def interrupted(number: signal.Signals, at_step: int):
    """The process sends itself a signal when the step begins."""
    from transformers import TrainerCallback

    class Interrupt(TrainerCallback):
        def on_step_begin(self, _args, state, _control, **_):
            last = os.environ.get("RANK", "0") == str(int(os.environ.get("WORLD_SIZE", "1")) - 1)
            if last and state.global_step + 1 == at_step:
                os.kill(os.getpid(), number)

    def train(trainer, *rest):
        trainer.add_callback(Interrupt())
        training_run.train(trainer, *rest)

    sft.train = grpo.train = train
    try:
        yield
    finally:
        sft.train = grpo.train = training_run.train


if __name__ == "__main__":
    command, config, recorded, *interruption = sys.argv[1:]
    number, step = (
        (signal.Signals[interruption[0]], int(interruption[1])) if interruption else (None, 0)
    )
    with replaying(Path(recorded)), interrupted(number, step):
        sys.exit(main([command, config]))
