"""Settings of NCCL's flight recorder."""

import os

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


def test_torch_knows_these_settings():
    """An upgrade of torch that renames one is noticed: the names stand in its libraries."""
    import torch

    folder = os.path.join(os.path.dirname(torch.__file__), "lib")  # noqa: PTH118, PTH120
    text = b""
    for name in ("libtorch_cpu.so", "libtorch_cuda.so"):
        with open(os.path.join(folder, name), "rb") as file:  # noqa: PTH118, PTH123
            text += b"".join(
                line for line in file if b"TORCH_FR_" in line or b"TORCH_NCCL_" in line
            )
    for setting in (b"TORCH_FR_BUFFER_SIZE", b"TORCH_FR_DUMP_TEMP_FILE"):
        assert setting in text
    assert b"TORCH_NCCL_DUMP_ON_TIMEOUT" in text
    assert b"TORCH_NCCL_DEBUG_INFO_PIPE_FILE" in text
