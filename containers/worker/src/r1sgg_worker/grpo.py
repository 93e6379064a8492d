"""GRPO of a Qwen2-VL model with TRL, against live samplers and the reward endpoint."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from .adapters import freeze_vision, lora_of
from .alarms import Alarms
from .checkpoint import save_checkpoint
from .completions_sample import CompletionsSample
from .effective_config import NAME, write_effective_config
from .endpoints import load_endpoints
from .families import family_of
from .flight_recorder import record_nccl
from .grpo_arguments import grpo_arguments
from .grpo_sampling import open_trainer
from .process_settings import hide_progress_bars, prepare_torch, print_nothing
from .processor import load_processor
from .reports import open_reports
from .reward_client import RewardClient
from .rows import GrpoRow, as_messages, open_image
from .rows_on_demand import RowsOnDemand
from .tied import refuse_tied_on_cpu
from .training_run import process_place, start_run, train
from .unscored import UnscoredLimit

if TYPE_CHECKING:
    from pathlib import Path

    from .config import GrpoConfig
    from .endpoints import Endpoints
    from .training_run import TrainingRun


def run_grpo(config: GrpoConfig) -> None:
    """Sample, score, learn, send the weights to the samplers, for every step; then save.

    Errors: DataError, ConfigError; IntegrityError when trainer and sampler disagree; SamplerError
    when samplers are lost, TimeLimitError when they are slow; UnscoredError when the reward
    endpoint leaves too much unscored; StoppedError after a signal; WorkerError for an endpoint that
    refuses, a full disk, a loss that is not finite.
    """
    rows = RowsOnDemand(config.dataset, GrpoRow, columns_of)
    endpoints = load_endpoints(config.endpoints, config.sampler_mode)
    fields = grpo_arguments(config, process_place()[1])
    run = start_run(config, "grpo", len(rows.rows), config.prompts_per_step)
    with run.request.listening() if config.checkpoints else nullcontext():
        _train(config, rows, endpoints, fields, run)


def _train(
    config: GrpoConfig,
    rows: RowsOnDemand[GrpoRow],
    endpoints: Endpoints,
    fields: dict[str, Any],
    run: TrainingRun,
) -> None:
    progress = run.progress
    progress.phase("importing")
    record_nccl(config.work_dir / "evidence")
    prepare_torch(config)
    from trl import GRPOConfig as TrlGrpoConfig

    from .progress_callback import ProgressCallback
    from .rewards import reward_functions
    from .unscored_callback import SkipUnscoredSteps

    hide_progress_bars()
    reports = open_reports(config, run)
    if run.main:
        reports.append(Alarms(config.alarms, progress))
    family_of(config)
    refuse_tied_on_cpu(config)
    processor = load_processor(config)
    client = _reward_client(config, endpoints, run.rank)
    effective = TrlGrpoConfig(output_dir=str(config.work_dir), **fields)

    def write_record(folder: Path) -> None:
        if run.main:
            write_effective_config(folder / NAME, "grpo", config, effective, run.processes)

    write_record(config.work_dir)
    arguments = {
        "model": config.model,
        "args": effective,
        "reward_funcs": reward_functions(client, config.reward_control),
        "train_dataset": rows.dataset(),
        "processing_class": processor,
        "callbacks": [ProgressCallback(*reports), SkipUnscoredSteps(client)],
        "peft_config": lora_of(config),
    }
    with open_trainer(config, endpoints, run, arguments) as trainer:
        print_nothing(trainer)
        _prepare(trainer, config, run)
        train(trainer, processor, config, run)
    progress.phase("saving")
    save_checkpoint(trainer, processor, config.output_dir)
    write_record(config.output_dir)
    progress.phase("done")


def _prepare(trainer: Any, config: GrpoConfig, run: TrainingRun) -> None:
    """What TRL's arguments have no field for."""
    from .reward_warmup import RewardWarmup

    if config.freeze_vision:
        freeze_vision(trainer.model)
    if config.reward_warmup is not None:
        trainer.add_callback(RewardWarmup(trainer, config.reward_warmup))
    trainer.max_prompt_length = config.max_prompt_length
    if config.completions_sample is not None and run.main:
        after = None if run.resume is None else run.resume[0]
        trainer.completions_sample = CompletionsSample(config.completions_sample, after)


def _reward_client(config: GrpoConfig, endpoints: Endpoints, rank: int) -> RewardClient:
    limit = UnscoredLimit(
        config.max_unscored_fraction,
        config.min_unscored_requests,
        config.work_dir / f"unscored-{rank}.json",
    )
    return RewardClient(
        endpoints.reward.url,
        config.rewards,
        run=config.run,
        rank=rank,
        timeout_s=config.reward_timeout_s,
        retries=config.reward_retries,
        unscored=limit,
    )


def columns_of(rows: list[GrpoRow]) -> dict[str, list[Any]]:
    """What TRL samples from and the rewards get, images opened."""
    return {
        "images": [[open_image(row.image_path)] for row in rows],
        "prompt": [as_messages(row.prompt) for row in rows],
        "image_id": [row.image_id for row in rows],
        "target": [row.target for row in rows],
        "box_scale": [row.box_scale for row in rows],
        "task": [row.task for row in rows],
    }
