"""The GRPO trainer of a run with whatever samples for it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .integrity import IntegrityRecord
from .limits import limits_of
from .special_tokens import forbidden_token_ids
from .watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .config import GrpoConfig
    from .endpoints import Endpoints
    from .training_run import TrainingRun


@contextmanager
def open_trainer(
    config: GrpoConfig, endpoints: Endpoints, run: TrainingRun, arguments: dict[str, Any]
) -> Iterator[Any]:
    """A trainer that samples from servers or, colocated, from the vLLM in its own process.

    ``arguments`` are those of TRL's GRPOTrainer. Colocated sampling is TRL's own, without our fleet
    and its integrity record, but with the prompts and the checks of `colocated`.
    Errors: in every process, SamplerError when a sampler cannot be reached, IntegrityError when it
    sees images otherwise, ConfigError when it runs with other settings.
    """
    forbidden = forbidden_token_ids(arguments["processing_class"].tokenizer)
    if config.sampler_mode == "colocate":
        from .grpo_trainer import ColocatedGRPOTrainer

        kwargs = {"logit_bias": dict.fromkeys(forbidden, -100.0)}
        arguments["args"].generation_kwargs = kwargs
        limits = {"min_pixels": config.min_pixels, "max_pixels": config.max_pixels}
        yield ColocatedGRPOTrainer(**arguments, limits=limits)
        return
    from .connect import connect
    from .grpo_trainer import ResumableGRPOTrainer
    from .probe import Probe
    from .processes import check_on_main
    from .trainer import Checks

    run.progress.phase("connecting to samplers")
    watchdog = Watchdog(config.work_dir / "evidence", run.rank)
    processor = arguments["processing_class"]
    record = _open_record(config, run) if run.main else None
    fleet = check_on_main(lambda: connect(config, endpoints, record, watchdog, processor))
    try:
        run.progress.phase("loading model")
        probe = Probe(fleet) if fleet else None
        yield ResumableGRPOTrainer(
            **arguments,
            limits=limits_of(config, endpoints, watchdog, main=run.main),
            checks=Checks(config.integrity_every, forbidden, record, probe),
        )
    finally:
        if fleet is not None:
            fleet.close()
        watchdog.close()


def _open_record(config: GrpoConfig, run: TrainingRun) -> IntegrityRecord:
    after = None if run.resume is None else run.resume[0]
    return IntegrityRecord(config.integrity, config.logprob_tolerance, after)
