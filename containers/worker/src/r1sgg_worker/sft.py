"""Supervised fine-tuning of a Qwen2-VL model with TRL."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from .adapters import freeze_vision, lora_of
from .batch_arithmetic import sft_batch
from .checkpoint import save_checkpoint
from .effective_config import NAME, write_effective_config
from .families import family_of
from .folders import partial_folder
from .process_settings import hide_progress_bars, prepare_torch, print_nothing
from .processor import load_processor
from .reports import open_reports
from .rows import SftRow, as_messages, open_image
from .rows_on_demand import RowsOnDemand
from .sft_collator import SftCollator
from .trainer_arguments import shared_arguments
from .training_run import process_place, start_run, train

if TYPE_CHECKING:
    from .config import SftConfig
    from .training_run import TrainingRun


def run_sft(config: SftConfig) -> None:
    """Train on prompt and answer, then write the checkpoint.

    The loss covers the answer only, or with ``loss_on`` ``all`` the prompt too, as the reference's:
    every token but padding and vision tokens. Rows are never cut.

    Errors: DataError, ConfigError, WorkerError (disk, a loss that is not finite), StoppedError.
    Source: TRL 1.16 SFTTrainer; reference section 5 for what differs.
    """
    rows = RowsOnDemand(config.dataset, SftRow, columns_of)
    processes = process_place()[1]
    fields = sft_arguments(config, processes)
    rows_a_step = sft_batch(config, processes) * config.gradient_accumulation_steps * processes
    run = start_run(config, "sft", len(rows.rows), rows_a_step)
    with run.request.listening() if config.checkpoints else nullcontext():
        _train(config, rows, fields, run)


def _train(
    config: SftConfig, rows: RowsOnDemand[SftRow], fields: dict[str, Any], run: TrainingRun
) -> None:
    progress = run.progress
    progress.phase("importing")
    prepare_torch(config)
    from trl import SFTConfig as TrlSftConfig

    from .progress_callback import ProgressCallback
    from .sft_trainer import CheckpointingSFTTrainer

    hide_progress_bars()
    reports = open_reports(config, run)
    family_of(config)
    progress.phase("loading model")
    processor = load_processor(config)
    folder = config.work_dir or partial_folder(config.output_dir)
    arguments = TrlSftConfig(output_dir=str(folder), **fields)
    if run.main and config.work_dir is not None:
        write_effective_config(folder / NAME, "sft", config, arguments, run.processes)
    trainer = CheckpointingSFTTrainer(
        model=config.model,
        args=arguments,
        train_dataset=rows.dataset(),
        processing_class=processor,
        callbacks=[ProgressCallback(*reports)],
        peft_config=lora_of(config),
    )
    print_nothing(trainer)
    trainer.data_collator = SftCollator(trainer.data_collator, processor.tokenizer, config)
    if config.train_sampling_strategy == "batch_rebalance":
        trainer.row_lengths = token_counts(rows.rows, processor.tokenizer)
    if config.freeze_vision:
        freeze_vision(trainer.model)
    train(trainer, processor, config, run)
    progress.phase("saving")
    save_checkpoint(trainer, processor, config.output_dir)
    if run.main:
        record = config.output_dir / NAME
        write_effective_config(record, "sft", config, arguments, run.processes)
    progress.phase("done")


def sft_arguments(config: SftConfig, processes: int = 1) -> dict[str, Any]:
    """Fields of TRL's ``SFTConfig`` for this run, without the folder."""
    return {
        **shared_arguments(config),
        "per_device_train_batch_size": sft_batch(config, processes),
        "max_length": None,
        "packing": False,
        "train_sampling_strategy": config.train_sampling_strategy,
        "completion_only_loss": config.loss_on == "answer",
    }


def token_counts(rows: list[SftRow], tokenizer: Any) -> list[int]:
    """Tokens of each row's texts; images, in a data set of about one size, are not opened."""
    texts = ["".join(part.content for part in (*row.prompt, *row.completion)) for row in rows]
    return [len(tokens) for tokens in tokenizer(texts)["input_ids"]]


def columns_of(rows: list[SftRow]) -> dict[str, list[Any]]:
    """What TRL trains on, images opened."""
    return {
        "image_id": [row.image_id for row in rows],
        "images": [[open_image(row.image_path)] for row in rows],
        "prompt": [as_messages(row.prompt) for row in rows],
        "completion": [as_messages(row.completion) for row in rows],
    }
