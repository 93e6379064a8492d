"""The streamed writer against safetensors' own reader."""

import pytest
import torch
from safetensors import safe_open

from r1sgg_worker.weights import tensor_info, write_safetensors

TENSORS = {
    "a.weight": torch.arange(12, dtype=torch.float32).reshape(3, 4).t(),  # not contiguous
    "b": torch.tensor(2.5, dtype=torch.bfloat16),
    "c.längere.name": torch.randn(5, dtype=torch.float16),
    "d": torch.zeros(0, 3),
}


def metadata():
    return [tensor_info(name, tensor) for name, tensor in TENSORS.items()]


def test_safetensors_reads_the_same_tensors(tmp_path):
    path = tmp_path / "model.safetensors"
    size = write_safetensors(path, metadata(), TENSORS.items())
    with safe_open(path, framework="pt") as file:
        assert list(file.keys()) == sorted(TENSORS)
        for name, tensor in TENSORS.items():
            found = file.get_tensor(name)
            assert (found.dtype, found.shape) == (tensor.dtype, tensor.shape)
            assert torch.equal(found, tensor)
    assert size == 48 + 2 + 10


def test_tensors_start_at_a_multiple_of_eight(tmp_path):
    path = tmp_path / "model.safetensors"
    write_safetensors(path, metadata(), TENSORS.items())
    assert int.from_bytes(path.read_bytes()[:8], "little") % 8 == 0


@pytest.mark.parametrize(
    "given",
    [
        [("a.weight", torch.zeros(4, 3)), ("x", TENSORS["b"])],
        [("a.weight", torch.zeros(4, 3, dtype=torch.float64))],
        [("a.weight", torch.zeros(3, 4))],
    ],
)
def test_a_tensor_that_was_not_announced_is_refused(tmp_path, given):
    with pytest.raises(ValueError, match="found tensor"):
        write_safetensors(tmp_path / "m", metadata(), given)


def test_a_missing_tensor_is_refused(tmp_path):
    with pytest.raises(ValueError, match="shorter"):
        write_safetensors(tmp_path / "m", metadata(), list(TENSORS.items())[:2])
