"""Four-way questions for a model that no vLLM serves: batch by batch, and on where it stopped."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from .errors import StoppedError
from .instructblip import InstructBlip
from .process_settings import hide_progress_bars, prepare_device
from .progress import Progress
from .rows import open_image
from .stop_request import StopRequest
from .vqa_answers import AnswersFile
from .vqa_questions import VqaQuestion, load_questions

if TYPE_CHECKING:
    from pathlib import Path

    from .model_configs import VqaBatchConfig


def run_vqa_batch(config: VqaBatchConfig) -> None:
    """Ask every question of every setting that has no answer yet.

    A signal that asks to stop is heeded after the batch under way.
    Errors: ConfigError for the model or other settings than before; DataError for questions, images
    or an answers file; StoppedError after a signal.
    """
    stop = StopRequest()
    with stop.listening():
        prepare_device(config.device, config.threads)
        hide_progress_bars()
        progress = Progress(config.progress)
        progress.phase("loading the model")
        files = {name: config.questions.resolve() / f"{name}.jsonl" for name in config.settings}
        sets = {name: load_questions(path) for name, path in files.items()}
        model = InstructBlip(config)
        of = sum(map(len, sets.values()))
        done = 0
        for name, questions in sets.items():
            ids = [one.question_id for one in questions]
            answers = AnswersFile(config.out / f"{name}.jsonl", ids, config.batch_size)
            kept = answers.resume(_settings(config, files[name]))
            done += kept
            for start in range(kept, len(questions), config.batch_size):
                if stop.signal is not None:
                    raise StoppedError(f"Stopped by {stop.signal} after {done} of {of} answers")
                batch = questions[start : start + config.batch_size]
                answers.append(ids[start : start + len(batch)], _ask(model, files[name], batch))
                done += len(batch)
                progress.step(done, of, {})


def _ask(model: InstructBlip, file: Path, batch: list[VqaQuestion]) -> list[str]:
    images = [open_image(file.parent / one.image) for one in batch]
    return model.answer([one.prompt for one in batch], images)


def _settings(config: VqaBatchConfig, questions: Path) -> dict[str, str | int]:
    """What answers depend on: other answers are not continued."""
    return {
        "model": config.model,
        "device": config.device,
        "dtype": config.dtype,
        "batch_size": config.batch_size,
        "max_tokens": config.max_tokens,
        "prompts": hashlib.sha256(questions.read_bytes()).hexdigest()[:16],
    }
