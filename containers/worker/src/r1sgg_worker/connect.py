"""Opens the fleet of a run, and refuses samplers that see images otherwise than the trainer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from .disk_transport import DiskTransport
from .errors import ConfigError, IntegrityError
from .fleet import SamplerFleet
from .generation import image_lengths
from .nccl_transport import NcclTransport
from .roster import Roster
from .sampler import Sampler
from .weight_folder import WeightFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .config import GrpoConfig
    from .endpoints import Endpoints
    from .integrity import IntegrityRecord
    from .transport import WeightTransport
    from .watchdog import Watchdog

_TIMES_TOO_LARGE = 4


def connect(
    config: GrpoConfig,
    endpoints: Endpoints,
    integrity: IntegrityRecord | None,
    watchdog: Watchdog,
    processor: Any,
) -> SamplerFleet:
    """The fleet of samplers, all of them answering and with the trainer's pixel limits.

    Errors: SamplerError for a server that does not answer, ConfigError for one that runs with other
    settings, IntegrityError for other pixel limits.
    """
    if config.weight_transport == "nccl":
        refuse_without_ports(endpoints)

    def open_one(endpoint: Any) -> Sampler:
        return Sampler(endpoint, config.sampler_connect_timeout_s, config.sampler_timeout_s)

    with ThreadPoolExecutor(len(endpoints.samplers)) as pool:
        samplers = list(pool.map(open_one, endpoints.samplers))
        images = [_image(config.max_pixels * _TIMES_TOO_LARGE), _image(config.min_pixels // 4)]
        list(pool.map(lambda sampler: compare_images(sampler, processor, images), samplers))
    assert integrity is not None  # noqa: S101 - the main process has it
    return SamplerFleet(
        Roster(samplers, config.on_sampler_loss, integrity.event),
        _transport(config, watchdog),
        config.push_timeout_s,
        integrity.sync,
    )


def compare_images(sampler: Sampler, processor: Any, images: Sequence[Any]) -> None:
    """Ask a sampler how many tokens images are; one above and one below both limits tell them.

    The reference gave the limits to its trainer only, and sampled from larger images than it
    scored. Errors: IntegrityError.
    """
    for image in images:
        [features] = sampler.image_features([[image]])
        [theirs] = image_lengths(features)
        inputs = processor(text=[processor.image_token], images=[image])
        ours = list(inputs["input_ids"][0]).count(processor.image_token_id)
        if theirs != ours:
            raise IntegrityError(
                f'Cannot use sampler "{sampler.name}": it makes {theirs} tokens of an image of '
                f"{image.width} x {image.height} pixels and the trainer {ours}, expected the same "
                "min_pixels and max_pixels on both sides (--mm-processor-kwargs)"
            )


def refuse_without_ports(endpoints: Endpoints) -> None:
    """Every server needs a port for its group. Errors: ConfigError."""
    missing = [one.url for one in endpoints.samplers if one.group_port is None]
    if missing:
        raise ConfigError(
            f'Cannot bring weights by NCCL to sampler "{missing[0]}": endpoints.json has no '
            "group_port for it, expected one of its own for each sampler"
        )


def _transport(config: GrpoConfig, watchdog: Watchdog) -> WeightTransport:
    if config.weight_transport == "disk":
        return DiskTransport(WeightFolder(config.sync_dir))
    from accelerate import PartialState

    return NcclTransport(PartialState().device, watchdog.give_up)


def _image(pixels: int) -> Any:
    """A grey square of about so many pixels."""
    from PIL import Image

    side = max(1, round(pixels**0.5))
    return Image.new("RGB", (side, side), (128, 128, 128))
