"""Dropping the gradient of a step that nothing scored: when, and by all processes alike."""

import json
import subprocess
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
import torch
from torch import distributed

from live_endpoint import free_port
from r1sgg_worker.unscored_callback import SkipUnscoredSteps


def dropped(gradient, *, failed):
    """Whether the callback leaves a model whose gradient is this one without any."""
    model = torch.nn.Linear(2, 1, bias=False)
    model.weight.grad = None if gradient is None else torch.tensor([gradient])
    callback = SkipUnscoredSteps(SimpleNamespace(latest_failed=failed))
    callback.on_pre_optimizer_step(None, None, None, model=model)
    return model.weight.grad is None


@pytest.mark.parametrize(
    ("gradient", "failed", "drops"),
    [
        ([0.0, -0.0], True, True),
        ([0.0, 0.0], False, False),  # rewards without variance: the optimiser's own business
        ([0.0, 1e-38], True, False),  # something was scored after all, or a KL term pulls
        ([0.0, float("nan")], True, False),  # a NaN is not hidden
        (None, True, True),
    ],
)
def test_only_the_zero_gradient_of_an_unscored_batch_is_dropped(gradient, failed, drops):
    assert dropped(gradient, failed=failed) is drops


# The gradients and failures of both processes, and whether both drop what they have.
STEPS = [
    (([0.0, 0.0], True), ([0.0, 0.0], True), True),
    (([0.0, 0.0], True), ([0.0, 0.0], False), True),
    (([0.0, 0.0], False), ([0.0, 0.0], True), True),
    (([0.0, 0.0], True), ([1.0, 0.0], False), False),  # sharded: each sees a part
    (([0.0, 0.0], False), ([0.0, 0.0], False), False),
]


def run_steps(rank, address):
    """One of two processes."""
    limit = timedelta(seconds=120)
    distributed.init_process_group("gloo", address, rank=rank, world_size=2, timeout=limit)
    try:
        return [dropped(step[rank][0], failed=step[rank][1]) for step in STEPS]
    finally:
        distributed.destroy_process_group()


def test_all_processes_decide_alike(request):
    """This one and another."""
    address = f"tcp://127.0.0.1:{free_port()}"
    name = request.path.stem
    code = f"import json, {name} as test; print(json.dumps(test.run_steps(1, {address!r})))"
    other = subprocess.Popen(
        [sys.executable, "-c", code], cwd=request.path.parent, stdout=subprocess.PIPE, text=True
    )
    try:
        ours = run_steps(0, address)
        theirs = json.loads(other.communicate(timeout=60)[0])
    finally:
        other.kill()
    assert ours == theirs == [drops for _, _, drops in STEPS]
