"""Settings of NCCL's flight recorder."""

import mmap
import os
from pathlib import Path

import pytest

from r1sgg_worker.flight_recorder import pipe_of, record_nccl


def test_dumps_go_to_the_evidence_and_what_the_user_has_set_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", {"TORCH_FR_BUFFER_SIZE": "7"})
    record_nccl(tmp_path)
    assert os.environ == {
        "TORCH_FR_BUFFER_SIZE": "7",
        "TORCH_NCCL_DUMP_ON_TIMEOUT": "1",
        "TORCH_FR_DUMP_TEMP_FILE": f"{tmp_path}/nccl-",
        "TORCH_NCCL_DEBUG_INFO_PIPE_FILE": f"{tmp_path}/nccl-pipe-",
    }
    assert str(pipe_of(tmp_path, 2)) == f"{tmp_path}/nccl-pipe-2.pipe"


@pytest.mark.parametrize(
    ("library", "setting"),
    [
        ("libtorch_cpu.so", b"TORCH_FR_BUFFER_SIZE"),
        ("libtorch_cpu.so", b"TORCH_FR_DUMP_TEMP_FILE"),
        ("libtorch_cuda.so", b"TORCH_NCCL_DUMP_ON_TIMEOUT"),
        ("libtorch_cuda.so", b"TORCH_NCCL_DEBUG_INFO_PIPE_FILE"),
    ],
)
def test_torch_knows_these_settings(library, setting):
    """An upgrade of torch that renames one is noticed: their names stand in its libraries."""
    import torch

    with (Path(torch.__file__).parent / "lib" / library).open("rb") as file:
        assert mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ).find(setting) > 0
