"""Questions on which all processes of a run must give the same answer."""

from __future__ import annotations

from typing import Any


def anywhere(*flags: bool, device: Any = None) -> tuple[bool, ...]:
    """Whether each flag holds in any process of the run; every process must ask."""
    import torch
    from torch import distributed

    if not (distributed.is_available() and distributed.is_initialized()):
        return flags
    found = torch.tensor(flags, dtype=torch.int32, device=device)
    distributed.all_reduce(found, op=distributed.ReduceOp.MAX)
    return tuple(bool(flag) for flag in found)


def from_main(value: Any) -> Any:
    """The main process's value, in all processes."""
    from torch import distributed

    if not (distributed.is_available() and distributed.is_initialized()):
        return value
    holder = [value]
    distributed.broadcast_object_list(holder, src=0)
    return holder[0]
