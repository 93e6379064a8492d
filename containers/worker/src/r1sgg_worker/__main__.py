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
from .model_configs import CheckModelConfig, TinyModelConfig, VqaBatchConfig
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


def _vqa_batch(path: Path) -> None:
    config = load_config(path, VqaBatchConfig)
    from .vqa_batch import run_vqa_batch

    run_vqa_batch(config)


def _add_dry_run(command: argparse.ArgumentParser) -> None:
    text = "make and check the arguments, measure the model, print JSON; train nothing"
    command.add_argument("--dry-run", action="store_true", help=text)
    text = "with --dry-run: as many processes instead of world_size"
    command.add_argument("--processes", type=int, metavar="N", help=text)
    text = "with --dry-run: the model has the size of this one, a name or a folder"
    command.add_argument("--like", metavar="MODEL", help=text)


def _dry_run(chosen: argparse.Namespace) -> None:
    config = load_config(chosen.config, DRY_RUNS[chosen.command])
    from .dry_run import dry_run

    _print(dry_run(config, chosen.processes, chosen.like))


_DISK_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)

COMMANDS = {
    "tiny-model": (_tiny_model, "write a small random Qwen2-VL with its own tokenizer"),
    "check-model": (_check_model, "say in one JSON line whether a model can be trained"),
    "sft": (_sft, "fine-tune on prompts and answers"),
    "vqa-batch": (_vqa_batch, "ask an InstructBLIP the four-way questions, batch by batch"),
    "grpo": (_grpo, "improve with GRPO against live samplers and the reward endpoint"),
}

DRY_RUNS: dict[str, type[SftConfig | GrpoConfig]] = {"sft": SftConfig, "grpo": GrpoConfig}


def build_parser() -> argparse.ArgumentParser:
    """The command line, for whoever starts a command."""
    parser = argparse.ArgumentParser(prog="r1sgg_worker", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, (_, text) in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument(
            "config", type=Path, help="JSON file, see config.py and model_configs.py"
        )
        if name in DRY_RUNS:
            _add_dry_run(command)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit code is 0, or that of the error (2 config, 3 data, 5 a limit)."""
    chosen = build_parser().parse_args(arguments)
    set_environment()
    try:
        if getattr(chosen, "dry_run", False):
            _dry_run(chosen)
        else:
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
