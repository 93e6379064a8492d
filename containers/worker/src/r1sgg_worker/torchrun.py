"""torchrun with the exit code of the process that failed: ``python -m r1sgg_worker.torchrun …``.

torchrun itself ends with 1 whatever its processes said, and what ended a run (4 a sampler, 5 a
limit, 75 a signal, with all saved) would be lost. Nor does it know SIGUSR1, which asks the
processes to save and end: it would die of it, here it hands it on. Arguments are torchrun's.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

_SIGNAL = 128


def main(arguments: list[str] | None = None) -> int:
    """Run the processes; 0, or the code of the one that failed first (128 + n for signal n)."""
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.run import main as run

    signal.signal(signal.SIGUSR1, _hand_on)
    try:
        run(arguments)
    except ChildFailedError as error:
        _, first = error.get_first_failure()
        sys.stderr.write(f"{error}\n")
        return int(first.exitcode) if first.exitcode > 0 else _SIGNAL - int(first.exitcode)
    return 0


def _hand_on(number: int, _frame: Any) -> None:
    """Send a signal to the processes that were started; to hear it twice does no harm."""
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # a thread that has just ended
            for child in (task / "children").read_text().split():
                with suppress(ProcessLookupError):
                    os.kill(int(child), number)


if __name__ == "__main__":
    sys.exit(main())
