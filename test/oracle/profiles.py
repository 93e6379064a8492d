"""The profiles: what each commit of the reference, and the paper's text, does in its own way."""

from collections.abc import Callable
from dataclasses import dataclass

from answer import refine, refine_unstripped
from boxes import scale_box
from forms import head_form, paper_form, release_form, v1_form
from matching import Matching, match_all, match_finite, match_with_iou
from scenes import Scale, scale_box_to_infinity

NODE_REWARDS = ("node_acc_reward", "node_box_reward")
HARD_REWARDS = ("edge_hard_reward", "edge_hard_relax_reward")


@dataclass(frozen=True)
class Profile:
    """A named set of variants; the release's stand as defaults."""

    rewards: tuple[str, ...] = ("format_reward", *NODE_REWARDS, "edge_reward", *HARD_REWARDS)
    form: Callable[..., float] = release_form
    match: Matching = match_all
    refine: Callable[[str], str] = refine
    refines_truth: bool = False
    scale: Scale = scale_box
    truth_in_v1_pixels: bool = False
    over_given_edges: bool = False
    skips_unknown_ids: bool = False
    is_weighted: bool = True


PROFILES = {
    "release": Profile(),
    "release-head": Profile(form=head_form),
    "v1": Profile(
        rewards=("format_reward", *NODE_REWARDS, "edge_reward"),
        form=v1_form,
        refine=refine_unstripped,
        truth_in_v1_pixels=True,
    ),
    "paper": Profile(
        rewards=("format_reward", "node_reward", "edge_reward"),
        form=paper_form,
        match=match_with_iou,
        over_given_edges=True,
        is_weighted=False,
    ),
    "robust": Profile(
        match=match_finite,
        refines_truth=True,
        scale=scale_box_to_infinity,
        skips_unknown_ids=True,
    ),
}
