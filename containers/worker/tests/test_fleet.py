"""The fleet over samplers in memory: order, weights, errors."""

import pytest
import torch
from safetensors.torch import load_file

from r1sgg_worker.errors import WorkerError
from r1sgg_worker.fleet import SamplerFleet
from r1sgg_worker.weights import tensor_info

WEIGHTS = {"w": torch.arange(4.0), "v": torch.ones(2, 2)}


class InMemorySampler:
    """Answers from what it was asked, and remembers the weights it was given."""

    def __init__(self, name, fails=False):
        self.name, self.fails, self.weights, self.folders = name, fails, None, []

    def image_features(self, images):
        return [f"{self.name}:{image}" for image in images]

    def generate(self, prompts, features, n):
        return {
            "prompt_ids": prompts,
            "completion_ids": [[*prompts[0], i] for i in range(n)],
            "logprobs": None,
            "features": features,
        }

    def load(self, folder):
        if self.fails:
            raise WorkerError("Cannot use sampler: refused, expected 200")
        self.folders.append(folder)
        self.weights = load_file(folder / "model.safetensors")


def sync(fleet):
    metadata = [tensor_info(name, tensor) for name, tensor in WEIGHTS.items()]
    fleet.update_named_params(metadata, iter(WEIGHTS.items()))


def test_prompts_go_round_and_answers_keep_their_order(tmp_path):
    fleet = SamplerFleet([InMemorySampler("a"), InMemorySampler("b")], tmp_path / "sync", print)
    features = fleet.image_features(["x", "y", "z"])
    assert features == ["a:x", "b:y", "a:z"]
    answer = fleet.generate([[1], [2], [3]], features, n=2)
    assert answer["completion_ids"] == [[1, 0], [1, 1], [2, 0], [2, 1], [3, 0], [3, 1]]
    assert (answer["prompt_ids"], answer["logprobs"]) == ([[1], [2], [3]], None)


def test_every_sampler_gets_all_weights_and_only_the_latest_are_kept(tmp_path):
    folder, reports = tmp_path / "sync", []
    (folder / "v000009").mkdir(parents=True)  # of a trainer that was killed
    samplers = [InMemorySampler("a"), InMemorySampler("b")]
    fleet = SamplerFleet(samplers, folder, reports.append)
    sync(fleet)
    sync(fleet)
    for sampler in samplers:
        assert all(torch.equal(sampler.weights[name], WEIGHTS[name]) for name in WEIGHTS)
    assert [path.name for path in folder.iterdir()] == ["v000002"]
    assert [(report.version, report.bytes) for report in reports] == [(1, 32), (2, 32)]
    fleet.close()
    assert not folder.exists()


def test_a_sampler_that_refuses_the_weights_ends_the_sync(tmp_path):
    reports = []
    samplers = [InMemorySampler("a"), InMemorySampler("b", fails=True)]
    fleet = SamplerFleet(samplers, tmp_path / "sync", reports.append)
    with pytest.raises(WorkerError, match="refused"):
        sync(fleet)
    assert reports == []


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    fleet = SamplerFleet([InMemorySampler("a")], tmp_path / "file", print)
    with pytest.raises(WorkerError, match="Cannot write weights"):
        sync(fleet)
