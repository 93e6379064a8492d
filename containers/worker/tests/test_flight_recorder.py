"""Settings of NCCL's flight recorder."""

import mmap
import os
from pathlib import Path

import pytest

from r1sgg_worker.errors import WorkerError
from r1sgg_worker.flight_recorder import pipe_of, record_nccl


def test_dumps_go_to_the_evidence_and_what_the_user_has_set_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", {"TORCH_FR_BUFFER_SIZE": "7"})
    evidence = tmp_path / "train" / "evidence"
    record_nccl(evidence)
    assert os.environ == {
        "TORCH_FR_BUFFER_SIZE": "7",
        "TORCH_NCCL_DUMP_ON_TIMEOUT": "1",
        "TORCH_FR_DUMP_TEMP_FILE": f"{evidence}/nccl-",
        "TORCH_NCCL_DEBUG_INFO_PIPE_FILE": f"{evidence}/nccl-pipe-",
    }
    assert str(pipe_of(evidence, 2)) == f"{evidence}/nccl-pipe-2.pipe"
    os.mkfifo(pipe_of(evidence, 2))  # as torch will, which aborts when it cannot
    assert [path.name for path in evidence.iterdir()] == ["nccl-pipe-2.pipe"]


def test_torch_is_asked_for_no_pipe_where_the_disk_takes_none(tmp_path, monkeypatch):
    def refuse(_path):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(os, "mkfifo", refuse)
    record_nccl(tmp_path)
    assert "TORCH_NCCL_DEBUG_INFO_PIPE_FILE" not in os.environ
    assert os.environ["TORCH_NCCL_DUMP_ON_TIMEOUT"] == "1"


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "train").write_text("")
    with pytest.raises(WorkerError, match=r'^Cannot write evidence to ".*train/evidence": .*'):
        record_nccl(tmp_path / "train" / "evidence")


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
