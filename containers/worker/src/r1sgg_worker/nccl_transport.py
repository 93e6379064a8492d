"""Weights by NCCL: TRL's and vLLM's own transfer, one group of GPUs for each sampler.

Written by reading TRL 1.16 (generation/vllm_client.py) and vLLM 0.31 (distributed/weight_transfer);
its requests are tested against a stand-in. It has never run on a GPU.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any

from .errors import ConfigError, SamplerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .sampler import Sampler
    from .transport import Confirmed, NamedTensors, Outcomes
    from .weights import TensorInfo

_GRACE_S = 5.0
"""How long a broadcast may go on after a server said that it has left it."""


class NcclTransport:
    """Every tensor is gathered once, packed, and broadcast to each sampler's group in turn.

    A group is the trainer's main process and the workers of one server; the trainer waits for them
    at the server's ``group_port``. Trainer and samplers must not share a GPU, and each server runs
    with ``--weight-transfer-config '{"backend": "nccl"}'``. A server that was restarted gets a new
    group, and the weights, at the next push. One that leaves in the middle of a broadcast takes the
    trainer with it: NCCL cannot give a broadcast up, so ``give_up`` ends the process.

    ``device`` is the GPU of the main process.
    """

    def __init__(
        self,
        device: Any,
        give_up: Callable[[str], None],
        broadcast: Callable[[NamedTensors, Any], None] | None = None,
    ) -> None:
        self._device = device
        self._give_up = give_up
        self._broadcast = broadcast or _broadcast_packed
        self._opened: dict[str, tuple[Sampler, str]] = {}

    def push(
        self,
        samplers: Sequence[Sampler],
        metadata: Sequence[TensorInfo],
        named_tensors: NamedTensors,
        until: float,
        confirmed: Confirmed,
    ) -> Outcomes:
        """See `WeightTransport`. Errors: ConfigError for a server that takes no weights by NCCL."""
        outcomes = {one.name: _failure(self._start, one, until) for one in samplers}
        ready = [one for one in samplers if outcomes[one.name] is None]
        names, dtypes, shapes = (list(column) for column in zip(*metadata, strict=True))
        update = {"update_info": {"names": names, "dtype_names": dtypes, "shapes": shapes}}
        sent = Event()

        def receive(sampler: Sampler) -> SamplerError | None:
            error = _failure(sampler.post, "update_weights", update, until)
            if error is not None and not sent.wait(_GRACE_S):
                self._give_up(str(error))
            return error

        if not ready:
            return list(outcomes.values())
        with ThreadPoolExecutor(len(ready)) as pool:
            receiving = [pool.submit(receive, one) for one in ready]
            try:
                self._broadcast(named_tensors, _Groups([one.communicator for one in ready]))
            finally:
                sent.set()
            for one, future in zip(ready, receiving, strict=True):
                outcomes[one.name] = future.result() or _failure(_finish, one, until)
                if outcomes[one.name] is None:
                    confirmed(one.name)
                else:
                    self._leave(one)
        return list(outcomes.values())

    def catch_up(self, sampler: Sampler, until: float) -> bool:
        """Not between two pushes: all processes would have to gather the tensors once more."""
        del sampler, until
        return not self._opened  # before the first push there is nothing to catch up with

    def close(self) -> None:
        """Leave all groups."""
        for sampler, _ in list(self._opened.values()):
            self._leave(sampler)

    def _start(self, sampler: Sampler, until: float) -> None:
        boot = sampler.boot_time()
        if self._opened.get(sampler.name, (sampler, ""))[1] != boot:
            self._leave(sampler)
            if sampler.get_server_info().get("weight_transfer_config") is None:
                raise ConfigError(
                    f'Cannot bring weights to sampler "{sampler.name}" by NCCL: it has no weight '
                    """transfer, expected --weight-transfer-config '{"backend": "nccl"}'"""
                )
            sampler.init_communicator(self._device)
            self._opened[sampler.name] = (sampler, boot)
        sampler.post("start_weight_update", {}, until)

    def _leave(self, sampler: Sampler) -> None:
        self._opened.pop(sampler.name, None)
        sampler.close_communicator()


class _Groups:
    """Several groups where vLLM's sender expects one."""

    def __init__(self, groups: Sequence[Any]) -> None:
        self._groups = groups

    def broadcast(self, tensor: Any, src: int) -> None:
        """Send one packed tensor to every group, on the current stream."""
        for group in self._groups:
            group.broadcast(tensor, src=src)


def _finish(sampler: Sampler, until: float) -> None:
    sampler.post("finish_weight_update", {}, until)
    sampler.reset_caches(until)


def _failure(call: Callable[..., Any], *arguments: Any) -> SamplerError | None:
    try:
        call(*arguments)
    except SamplerError as error:
        return error
    return None


def _broadcast_packed(named_tensors: NamedTensors, groups: Any) -> None:
    """Send tensors as TRL does, packed into buffers of 1 GB."""
    from vllm.distributed.weight_transfer.packed_tensor import packed_nccl_broadcast_producer

    packed_nccl_broadcast_producer(
        iterator=iter(named_tensors), group=groups, src=0, post_iter_func=lambda item: item[1]
    )
