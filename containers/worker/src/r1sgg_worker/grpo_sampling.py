"""The GRPO trainer of a run with whatever samples for it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .integrity import IntegrityRecord
from .special_tokens import forbidden_token_ids

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

    ``arguments`` are those of TRL's GRPOTrainer. Colocated sampling is TRL's own, without our
    fleet and its integrity record; the log has TRL's difference of log-probabilities.
    Errors: WorkerError when a sampler cannot be reached.
    """
    forbidden = forbidden_token_ids(arguments["processing_class"].tokenizer)
    if config.sampler_mode == "colocate":
        from .grpo_trainer import ColocatedGRPOTrainer

        kwargs = {"logit_bias": dict.fromkeys(forbidden, -100.0)}
        arguments["args"].generation_kwargs = kwargs
        yield ColocatedGRPOTrainer(**arguments)
        return
    from .grpo_trainer import ResumableGRPOTrainer

    run.progress.phase("connecting to samplers")
    integrity = IntegrityRecord(config.integrity, config.logprob_tolerance) if run.main else None
    fleet = _fleet(config, endpoints, integrity) if integrity else None
    try:
        run.progress.phase("loading model")
        yield ResumableGRPOTrainer(
            **arguments, fleet=fleet, integrity=integrity, forbidden=forbidden
        )
    finally:
        if fleet is not None:
            fleet.close()


def _fleet(config: GrpoConfig, endpoints: Endpoints, integrity: IntegrityRecord) -> Any:
    from .fleet import SamplerFleet
    from .sampler import Sampler

    samplers = [
        Sampler(one.url, config.sampler_connect_timeout_s, config.sampler_timeout_s)
        for one in endpoints.samplers
    ]
    return SamplerFleet(samplers, config.sync_dir.absolute(), integrity.sync)
