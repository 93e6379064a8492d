"""What the main process of a run does for all: its result, or its failure, reaches the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


def on_main(call: Callable[[], Result]) -> Result:
    """The result of a call that only the main process makes; all processes must come here.

    Errors: what the call raised, in every process: the others would wait for a broadcast that
    never comes. A fault that is not a WorkerError is one there, without a stack.
    """
    result: list[Result | None] = [None]
    failure: Exception | None = None
    if is_main():
        try:
            result = [call()]
        except Exception as error:  # noqa: BLE001 - raised below, in all processes
            failure = error
    share_failure(failure)
    from accelerate.utils import broadcast_object_list

    return broadcast_object_list(result)[0]  # type: ignore[no-any-return] # one object in, it out


def check_on_main(call: Callable[[], Result]) -> Result | None:
    """As `on_main`, but the result stays in the main process; the others get None."""
    kept: list[Result] = []
    on_main(lambda: kept.append(call()))
    return kept[0] if kept else None


def share_failure(failure: Exception | None) -> None:
    """Raise the main process's failure in all processes; all must come here.

    Errors: the failure itself in the main process, a WorkerError of the same sentence and exit code
    in the others.
    """
    from accelerate.utils import broadcast_object_list

    if not is_main() and failure is not None:
        raise failure  # this process's own; the launcher ends the others
    told = [None if failure is None else _as_told(failure)]
    broadcast_object_list(told)
    if failure is not None:
        raise failure
    if told[0] is not None:
        kind, sentence = told[0]
        raise kind(sentence)


def is_main() -> bool:
    """Whether this is the first process of the run."""
    from accelerate import PartialState

    return bool(PartialState().is_main_process)


def _as_told(failure: Exception) -> tuple[type[WorkerError], str]:
    if isinstance(failure, WorkerError):
        return type(failure), str(failure)
    found = f"{type(failure).__name__}: {failure}"
    return WorkerError, f"Cannot go on: the main process failed ({found}), expected its result"
