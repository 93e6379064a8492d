"""TRL's own GRPOTrainer, on CPU, over steps that nothing scored."""

import hashlib
import json

import pandas
import pytest
from transformers import TrainerCallback

from plain_trl import trainer_of
from r1sgg_worker.errors import UnscoredError
from r1sgg_worker.rewards import RewardClient, UnscoredLimit, reward_functions
from r1sgg_worker.unscored_callback import SkipUnscoredSteps
from reward_stand_in import reward_stand_in

NAMES = ["format_reward", "edge_hard_reward"]
UNSCORED = "rewards/unscored_fraction"


class Weights(TrainerCallback):
    """A digest of all weights before the first and after every step."""

    def __init__(self):
        self.digests = []

    def on_train_begin(self, _args, _state, _control, model=None, **_):
        self._note(model)

    def on_step_end(self, _args, _state, _control, model=None, **_):
        self._note(model)

    def _note(self, model):
        digest = hashlib.sha256()
        for parameter in model.parameters():
            assert bool(parameter.isfinite().all())
            digest.update(parameter.detach().numpy().tobytes())
        self.digests.append(digest.hexdigest())


def train(learned, folder, script, *, skips):
    """Steps against a stand-in that fails by script; gives the digests of weights and the log."""
    weights = Weights()
    with reward_stand_in() as endpoint:
        endpoint.script = list(script)
        client = RewardClient(endpoint.url, NAMES, retries=0)
        trainer = trainer_of(learned, folder, reward_functions(client), max_steps=len(script))
        trainer.add_callback(weights)
        if skips:
            trainer.add_callback(SkipUnscoredSteps(client))
        trainer.train()
    return weights.digests, [line for line in trainer.state.log_history if "loss" in line]


@pytest.mark.parametrize("skips", [True, False])
def test_a_step_that_nothing_scored_moves_no_weight(tmp_path, learned, skips):
    """Not by momentum of the step before, nor by weight decay: without the callback it does."""
    digests, log = train(learned, tmp_path, [None, 500, None], skips=skips)
    start, scored, unscored, again = digests
    assert start != scored
    assert (scored == unscored) is skips
    assert unscored != again
    assert [line[UNSCORED] for line in log] == [0.0, 1.0, 0.0]
    assert (log[1]["loss"], log[1]["grad_norm"], log[1]["reward"]) == (0.0, 0.0, None)
    assert log[0]["grad_norm"] > 0
    assert log[2]["grad_norm"] > 0


def test_trl_logs_an_unscored_batch_as_missing_and_not_as_zero(tmp_path, learned):
    train(learned, tmp_path, [500], skips=True)
    (path,) = tmp_path.glob("completions/*.parquet")
    table = pandas.read_parquet(path)
    assert len(table) == 8
    assert table[NAMES].isna().all(axis=None)
    assert table["advantage"].tolist() == [0.0] * 8
    assert table["request_id"].nunique() == 1


def test_unscored_completions_leave_the_others_their_advantages(tmp_path, learned):
    """One group without any reward, one with three: mean 2/3, deviation 1/sqrt(3), eps 1e-4."""

    def reward(completions, **_):
        return [None] * 4 + [0.0, None, 1.0, 1.0]

    weights = Weights()
    trainer = trainer_of(learned, tmp_path, [reward], max_steps=1)
    trainer.add_callback(weights)
    trainer.train()
    (path,) = tmp_path.glob("completions/*.parquet")
    low, high = -2 / 3 / (3**-0.5 + 1e-4), 1 / 3 / (3**-0.5 + 1e-4)
    expected = [0.0] * 4 + [low, 0.0, high, high]
    assert pandas.read_parquet(path)["advantage"].tolist() == pytest.approx(expected, abs=1e-6)
    assert weights.digests[0] != weights.digests[1]


def test_the_limit_ends_the_training(tmp_path, learned):
    record = tmp_path / "unscored.json"
    with reward_stand_in() as endpoint:
        endpoint.down = 503
        limit = UnscoredLimit(record=record)
        client = RewardClient(endpoint.url, NAMES, retries=0, unscored=limit)
        trainer = trainer_of(learned, tmp_path, reward_functions(client), max_steps=9)
        with pytest.raises(UnscoredError, match="step 3: 24 of 24 completions have no reward"):
            trainer.train()
        sent = [request["request_id"] for request in endpoint.requests]
    assert trainer.state.global_step == 2
    failures = json.loads(record.read_text())["failures"]
    assert [failure["request_id"] for failure in failures] == sent
