"""Command line: ``python -m r1sgg_worker <command> CONFIG.json``."""

from __future__ import annotations

import argparse
import errno
import json
import sys
from pathlib import Path

from .config import GrpoConfig, SftConfig
from .config_file import load_config
from .errors import WorkerError
from .model_configs import CheckModelConfig, TinyModelConfig
from .process_settings import set_environment


def _tiny_model(path: Path) -> None:
    config = load_config(path, TinyModelConfig)
    from .tiny_model import build_tiny_model

    _print(build_tiny_model(config))


def _check_model(path: Path) -> None:
    config = load_config(path, CheckModelConfig)
    from .check_model import check_model

    _print(check_model(config))


def _sft(path: Path) -> None:
    config = load_config(path, SftConfig)
    from .sft import run_sft

    run_sft(config)


def _grpo(path: Path) -> None:
    config = load_config(path, GrpoConfig)
    from .grpo import run_grpo

    run_grpo(config)


_DISK_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)

COMMANDS = {
    "tiny-model": (_tiny_model, "write a small random Qwen2-VL with its own tokenizer"),
    "check-model": (_check_model, "say in one JSON line whether a model can be trained"),
    "sft": (_sft, "fine-tune on prompts and answers"),
    "grpo": (_grpo, "improve with GRPO against live samplers and the reward endpoint"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit code is 0, or that of the error (2 config, 3 data, 5 a limit)."""
    parser = argparse.ArgumentParser(prog="r1sgg_worker", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, (_, text) in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("config", type=Path, help="JSON file, see the class in config.py")
    chosen = parser.parse_args(arguments)
    set_environment()
    try:
        COMMANDS[chosen.command][0](chosen.config)
    except WorkerError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except OSError as error:
        if error.errno not in _DISK_FAULTS:
            raise
        sys.stderr.write(f"Cannot write: {error}\n")
        return 1
    return 0


def _print(result: dict[str, object] | dict[str, int]) -> None:
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    sys.exit(main())
