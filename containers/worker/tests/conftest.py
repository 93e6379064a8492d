"""Shared rows, tiny model and, for the tests marked vllm, one real server."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# As the worker's own processes: threads that spin hold up whatever else runs on the machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import pytest

from helpers import MAX_PIXELS, MIN_PIXELS, Learned, RunningServer, serve_vllm, write_rows
from r1sgg_worker.config import SftConfig
from r1sgg_worker.model_configs import TinyModelConfig


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with sft.jsonl and grpo.jsonl, 12 rows of drawn boxes each."""
    folder = tmp_path_factory.mktemp("rows")
    write_rows(folder, count=12, rng=random.Random(7))
    return folder


@pytest.fixture(scope="session")
def tiny(rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model trained on nothing yet."""
    from r1sgg_worker.tiny_model import build_tiny_model

    folder = tmp_path_factory.mktemp("model") / "tiny"
    config = TinyModelConfig(
        output_dir=folder,
        corpus=[rows / "sft.jsonl"],
        min_pixels=MIN_PIXELS,
        max_pixels=MAX_PIXELS,
    )
    build_tiny_model(config)
    return folder


@pytest.fixture(scope="session")
def servers(learned: Learned, tmp_path_factory: pytest.TempPathFactory):
    """Two real vLLM servers over the model that has learned, for all tests marked vllm."""
    with serve_vllm(learned.model, tmp_path_factory.mktemp("vllm"), count=2) as running:
        yield running


@pytest.fixture(scope="session")
def server(servers: list[RunningServer]) -> RunningServer:
    """The one of the two that lives to the end."""
    return servers[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that kills the other server comes after all that use it."""
    items.sort(key=lambda item: item.get_closest_marker("kills_a_server") is not None)


@pytest.fixture
def endpoints(tmp_path: Path):
    """Writes endpoints.json for a reward URL and servers."""

    def write(reward_url: str, *running: RunningServer) -> Path:
        path = tmp_path / "endpoints.json"
        samplers = [{"url": one.url, "model": "policy"} for one in running]
        path.write_text(json.dumps({"reward": {"url": reward_url}, "samplers": samplers}))
        return path

    return write


@pytest.fixture(scope="session")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Learned:
    """A tiny model that has learned four scenes half by heart: its samples keep the form or not."""
    from r1sgg_worker.sft import run_sft
    from r1sgg_worker.tiny_model import build_tiny_model

    folder = tmp_path_factory.mktemp("learned")
    write_rows(folder, count=4, rng=random.Random(7))
    limits = {"min_pixels": MIN_PIXELS, "max_pixels": MAX_PIXELS}
    rows = folder / "sft.jsonl"
    build_tiny_model(TinyModelConfig(output_dir=folder / "tiny", corpus=[rows], **limits))
    config = SftConfig(
        model=str(folder / "tiny"),
        dataset=rows,
        output_dir=folder / "model",
        progress=folder / "progress.jsonl",
        steps=40,
        batch_size=2,
        learning_rate=4e-3,
        warmup_steps=5,
        max_grad_norm=1.0,
        adam_beta2=0.95,
        **limits,
    )
    run_sft(config)
    return Learned(folder / "model", folder / "grpo.jsonl")
