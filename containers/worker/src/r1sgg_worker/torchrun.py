"""torchrun with the exit code of the process that failed: ``python -m r1sgg_worker.torchrun …``.

torchrun itself ends with 1 whatever its processes said, and what ended a run (4 a sampler, 5 a
limit, 75 a signal, with all saved) would be lost. Arguments are torchrun's.
"""

from __future__ import annotations

import sys

_SIGNAL = 128


def main(arguments: list[str] | None = None) -> int:
    """Run the processes; 0, or the code of the one that failed first (128 + n for signal n)."""
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.run import main as run

    try:
        run(arguments)
    except ChildFailedError as error:
        _, first = error.get_first_failure()
        sys.stderr.write(f"{error}\n")
        return int(first.exitcode) if first.exitcode > 0 else _SIGNAL - int(first.exitcode)
    return 0


if __name__ == "__main__":
    sys.exit(main())
