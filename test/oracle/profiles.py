"""The profiles: what each commit of the reference, and the paper's text, does in its own way."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from answer import refine, refine_unstripped
from boxes import area
from forms import head_form, paper_form, release_form, v1_form
from matching import Matching, Node, match_with_giou, match_with_iou

NODE_REWARDS = ("node_acc_reward", "node_box_reward")
HARD_REWARDS = ("edge_hard_reward", "edge_hard_relax_reward")


def everything(_node: Node) -> bool:
    """Every object counts."""
    return True


def has_finite_area(node: Node) -> bool:
    """A box of finite numbers whose area is finite too."""
    return math.isfinite(area(node[1]))


@dataclass(frozen=True)
class Profile:
    """A named set of variants; the release's stand as defaults."""

    rewards: tuple[str, ...] = ("format_reward", *NODE_REWARDS, "edge_reward", *HARD_REWARDS)
    form: Callable[..., float] = release_form
    match: Matching = match_with_giou
    refine: Callable[[str], str] = refine
    refines_truth: bool = False
    truth_in_v1_pixels: bool = False
    counts: Callable[[Node], bool] = everything
    """Predicted objects that are there at all to node and edge rewards."""
    skips_faulty_relations: bool = False
    """A relation that names an unknown id, or lacks a field, costs itself and not the reward."""
    is_of_the_text: bool = False
    """Edges are summed over the predicted ones; nodes and edges have no weight."""


PROFILES = {
    "release": Profile(),
    "release-head": Profile(form=head_form),
    "v1": Profile(
        rewards=("format_reward", *NODE_REWARDS, "edge_reward"),
        form=v1_form,
        refine=refine_unstripped,
        truth_in_v1_pixels=True,
    ),
    # The text does not speak of spelling: labels of both sides are refined here.
    "paper": Profile(
        rewards=("format_reward", "node_reward", "edge_reward"),
        form=paper_form,
        match=match_with_iou,
        refines_truth=True,
        is_of_the_text=True,
    ),
    # A box whose area is no number is as good as not finite; an integer that no float can hold
    # stays an error, like any other entry that is no number.
    "robust": Profile(refines_truth=True, counts=has_finite_area, skips_faulty_relations=True),
}
