"""GRPO of a Qwen2-VL model with TRL, against live samplers and the reward endpoint."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from .checkpoint import save_checkpoint
from .endpoints import load_endpoints
from .grpo_arguments import grpo_arguments
from .integrity import IntegrityRecord
from .process_settings import hide_progress_bars, prepare_torch, print_nothing
from .processor import load_processor
from .progress import Progress
from .rows import GrpoRow, as_messages, load_rows, open_image
from .special_tokens import forbidden_token_ids
from .tied import refuse_tied_on_cpu

if TYPE_CHECKING:
    from .config import GrpoConfig
    from .endpoints import Endpoints


def run_grpo(config: GrpoConfig) -> None:
    """Sample, score, learn, send the weights to the samplers, for every step; then save.

    Errors: DataError, ConfigError; IntegrityError when trainer and sampler disagree; UnscoredError
    when the reward endpoint leaves too much unscored; WorkerError for a sampler that fails, an
    endpoint that refuses, a full disk, a loss that is not finite.
    """
    rows = load_rows(config.dataset, GrpoRow)
    endpoints = load_endpoints(config.endpoints)
    rank, processes = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    fields = grpo_arguments(config, processes)
    main = rank == 0
    progress = Progress(config.progress, writes=main)
    progress.phase("importing")
    prepare_torch(config)
    from trl import GRPOConfig as TrlGrpoConfig

    from .progress_callback import ProgressCallback
    from .rewards import RewardClient, UnscoredLimit, reward_functions
    from .trainer import FleetGRPOTrainer
    from .unscored_callback import SkipUnscoredSteps

    hide_progress_bars()
    refuse_tied_on_cpu(config)
    progress.phase("connecting to samplers")
    integrity = IntegrityRecord(config.integrity, config.logprob_tolerance) if main else None
    fleet = _fleet(config, endpoints, integrity) if integrity else None
    progress.phase("loading model")
    processor = load_processor(config)
    client = RewardClient(
        endpoints.reward.url,
        config.rewards,
        run=config.run,
        rank=rank,
        timeout_s=config.reward_timeout_s,
        retries=config.reward_retries,
        unscored=UnscoredLimit(
            config.max_unscored_fraction,
            config.min_unscored_requests,
            config.work_dir / f"unscored-{rank}.json",
        ),
    )
    trainer = FleetGRPOTrainer(
        model=config.model,
        args=TrlGrpoConfig(output_dir=str(config.work_dir), **fields),
        reward_funcs=reward_functions(client),
        train_dataset=_dataset(rows),
        processing_class=processor,
        callbacks=[ProgressCallback(progress), SkipUnscoredSteps(client)],
        fleet=fleet,
        integrity=integrity,
        forbidden=forbidden_token_ids(processor.tokenizer),
    )
    print_nothing(trainer)
    progress.phase("training")
    try:
        trainer.train()
    finally:
        if fleet is not None:
            fleet.close()
    progress.phase("saving")
    save_checkpoint(trainer, processor, config.output_dir)
    progress.phase("done")


def _fleet(config: GrpoConfig, endpoints: Endpoints, integrity: IntegrityRecord) -> Any:
    from .fleet import SamplerFleet
    from .sampler import Sampler

    samplers = [
        Sampler(one.url, config.sampler_connect_timeout_s, config.sampler_timeout_s)
        for one in endpoints.samplers
    ]
    return SamplerFleet(samplers, config.sync_dir.absolute(), integrity.sync)


def _dataset(rows: list[GrpoRow]) -> Any:
    """A dataset whose images are opened when a batch needs them."""
    from datasets import Dataset

    def load(batch: dict[str, list[int]]) -> dict[str, list[Any]]:
        chosen = [rows[index] for index in batch["row"]]
        return {
            "images": [[open_image(row.image_path)] for row in chosen],
            "prompt": [as_messages(row.prompt) for row in chosen],
            "image_id": [row.image_id for row in chosen],
            "target": [row.target for row in chosen],
            "box_scale": [row.box_scale for row in chosen],
            "task": [row.task for row in chosen],
        }

    return Dataset.from_dict({"row": list(range(len(rows)))}).with_transform(load)
