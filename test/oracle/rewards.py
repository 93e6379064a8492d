"""The rewards of R1-SGG in Python, written from their description: an oracle of src/core/rewards.

What a completion makes Python raise is a reward of 0, as in the reference.
"""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import graphs
from answer import refine
from matching import Node, Pair
from profiles import PROFILES, Profile
from scenes import Prediction, Relation, Truth, truth_of
from similarity import document

NODE_TASKS, EDGE_TASKS = ("sgg", "det"), ("sgg", "cls")


@dataclass(frozen=True)
class Settings:
    """What a user may set: weights of format, node and edge; the paper's lambdas; strictness."""

    weights: tuple[float, float, float] = (1.0, 2.0, 5.0)
    lambdas: tuple[float, float, float] = (1.0, 2.0, 5.0)
    strict: bool = True


@dataclass(frozen=True)
class Case:
    """One completion and what it is compared with."""

    profile: Profile
    completion: str
    truth: Truth
    task: str
    box_scale: tuple[float, float]

    def prediction(self) -> Prediction:
        """The completion, read anew by every reward; raises when it holds no JSON."""
        return Prediction(self.completion, self.box_scale, self.profile.refine)

    def objects(self, prediction: Prediction) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
        """True and predicted objects; raises when the task or the completion has none."""
        truths = self.truth["objects"]
        if self.profile.refines_truth:
            truths = tuple((refine(name), box) for name, box in truths)
        return truths, tuple(filter(self.profile.counts, prediction.objects()))

    def relations(self, prediction: Prediction, *, sound: bool) -> tuple[tuple[Relation, ...], ...]:
        """True and predicted relations; raises when the task or the completion has none.

        Where they need not all be sound, faulty ones are left out.
        """
        truths = self.truth["relationships"]
        if self.profile.refines_truth:
            truths = tuple(one.refined() for one in truths)
        return truths, prediction.relations(
            skip_faulty=self.profile.skips_faulty_relations or not sound
        )


def node_reward(case: Case, name: str, settings: Settings) -> float:
    """A node reward before its weight."""
    truths, predictions = case.objects(case.prediction())
    pairs = case.profile.match(truths, predictions)
    if name == "node_reward":
        return graphs.node(truths, predictions, pairs, settings.lambdas)
    compare = graphs.node_acc if name == "node_acc_reward" else graphs.node_box
    return compare(truths, predictions, pairs)


def edge_reward(case: Case, name: str) -> float:
    """An edge reward before its weight."""
    prediction = case.prediction()
    asked, given = case.relations(prediction, sound=name == "edge_reward")
    if case.task == "cls" and name == "edge_reward":
        return 0.0 if case.profile.is_of_the_text else graphs.edge_by_names(asked, given)
    truths, predictions = case.objects(prediction)
    if name == "edge_reward":
        sum_up = graphs.edge_over_given if case.profile.is_of_the_text else graphs.edge
        return sum_up(truths, predictions, case.profile.match(truths, predictions), asked, given)
    compare = graphs.edge_hard if name == "edge_hard_reward" else graphs.edge_hard_relax
    if case.profile.skips_faulty_relations:
        return compare(graphs.known_and_on_boxes(truths, predictions), asked, given)
    reached = prediction.relations_as_reached()
    return compare(graphs.on_boxes(truths, predictions), asked, reached)


def reward(case: Case, name: str, settings: Settings) -> float:
    """A reward with its weight; may raise."""
    of_format, of_nodes, of_edges = settings.weights
    if case.profile.is_of_the_text:
        of_nodes = of_edges = 1.0
    if name == "format_reward":
        form = case.profile.form
        return of_format * form(case.completion, case.task, strict=settings.strict)
    if name.startswith("node"):
        applies = case.task in NODE_TASKS
        return of_nodes * node_reward(case, name, settings) if applies else 0.0
    return of_edges * edge_reward(case, name) if case.task in EDGE_TASKS else 0.0


def or_else(fallback: Any, value: Callable[[], Any]) -> Any:
    """A value, or another where Python raises anything at all."""
    try:
        return value()
    except Exception:  # noqa: BLE001 - the reference's own blanket, part of what it does
        return fallback


def score(case: Case, names: Iterable[str], settings: Settings) -> dict[str, float]:
    """Rewards by name; 0 for one that raises."""
    return {name: or_else(0.0, partial(reward, case, name, settings)) for name in names}


def case_of(request: dict[str, Any], profile: Profile) -> Case:
    """A request under a profile."""
    target, task = request["target"], request["task"]
    truth = truth_of(target, task, v1_pixels=profile.truth_in_v1_pixels)
    return Case(profile, request["completion"], truth, task, tuple(request["box_scale"]))


def pairs_of(case: Case) -> list[Pair]:
    """Pairs of a true and a predicted object's index, in the order of predictions."""
    pairs = case.profile.match(*case.objects(case.prediction()))
    return [(truth, prediction) for prediction, truth in pairs]


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """For each profile asked for: rewards and, if wanted, pairs, or None where matching raises."""
    settings = Settings(**request.get("settings", {}))
    answers: dict[str, Any] = {}
    for name in request["profiles"]:
        case = case_of(request, PROFILES[name])
        answers[name] = {"rewards": score(case, case.profile.rewards, settings)}
        if request.get("pairs"):
            answers[name]["pairs"] = or_else(None, partial(pairs_of, case))
    return answers


def documents(texts: list[str]) -> list[Any]:
    """Of each text its tokens, its vector and that one's norm."""
    found = map(document, texts)
    return [([token.text for token in one], one.vector.tolist(), one.vector_norm) for one in found]


def main() -> None:
    """Answers lines, one JSON value each: a list of requests, or of texts for their documents."""
    for line in sys.stdin:
        asked = json.loads(line)
        is_text = bool(asked) and isinstance(asked[0], str)
        answers = documents(asked) if is_text else [answer(request) for request in asked]
        print(json.dumps(answers, default=float), flush=True)


if __name__ == "__main__":
    main()
