"""Where a training here is not that of the reference, in sentences for its record and the docs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["sft", "grpo"]


@dataclass(frozen=True)
class Difference:
    """What the reference did, what is done here, and why."""

    stages: tuple[Stage, ...]
    what: str
    reference: str
    here: str
    why: str


_BOTH: tuple[Stage, ...] = ("sft", "grpo")

DIFFERENCES = (
    Difference(
        ("sft",),
        "tokens of the loss",
        "all but padding and the image's, the prompt included",
        'the answer; all as in the reference with loss_on "all"',
        "the prompt is given when the model is asked",
    ),
    Difference(
        ("sft",),
        "mean of the loss over a step",
        "of each process and accumulation part by itself, then of those",
        "over all tokens of the step (average_tokens_across_devices)",
        "a long answer's token counts as much as a short one's, however a step is divided",
    ),
    Difference(
        ("sft",),
        "FSDP",
        "version 1, full_shard auto_wrap with backward_prefetch and forward_prefetch",
        "version 2, which shards the same layers and has no such settings",
        "transformers drops version 1 in 5.20",
    ),
    Difference(
        _BOTH,
        "optimiser with ZeRO-2",
        "DeepSpeed's fused AdamW, compiled on the machine that runs",
        "torch's AdamW, sharded as well; with offload DeepSpeed's for the CPU, as in the reference",
        "the same steps without a CUDA compiler at hand",
    ),
    Difference(
        ("sft",),
        "LoRA",
        "the 7B script passes its options without --use_peft, so that all weights were trained",
        "on where it is asked for",
        "what a run is called is what it does",
    ),
    Difference(
        ("sft",),
        "shuffled objects from the second sight of a row",
        "meant, but its key has an object's address and it practically never fired",
        "not done",
        "what was trained is reproduced",
    ),
    Difference(
        ("grpo",),
        "correction between sampler and trainer",
        "none",
        "TRL's importance ratio, truncated at 2 a token",
        "1 within 1e-5 in float32; mends in bfloat16 what the two round differently",
    ),
    Difference(
        ("grpo",),
        "split_rewards",
        "each reward is normalised in its group, then they are summed",
        "TRL normalises the sum once more over the batch (normalize_then_sum)",
        "TRL has no other way; the paper's runs do not use it",
    ),
    Difference(
        ("grpo",),
        "keep_top_group_ratio",
        "samples more groups and keeps those with the largest deviation",
        "not there",
        "TRL has no such option; no script of the paper sets it",
    ),
    Difference(
        ("grpo",),
        "tokens that are never sampled",
        "none",
        "special tokens other than the two that end an answer",
        "a sampled image token stands for an image that is not there and ends the run",
    ),
    Difference(
        ("grpo",),
        "fp8",
        "one script asks accelerate and vLLM for fp8 (train_gh200.sh)",
        "bfloat16",
        "vLLM's quantised weights cannot be renewed in place",
    ),
    Difference(
        ("sft",),
        "attention",
        "flash_attention_2",
        "torch's sdpa, unless attn_implementation says otherwise",
        "the locked environment has no flash-attn; both compute the same",
    ),
    Difference(
        _BOTH,
        "checkpoints",
        "save_only_model, so that nothing could be resumed",
        "complete, verified and rotated",
        "a run survives its time limit",
    ),
)


def differences_of(stage: Stage) -> list[Difference]:
    """Those that concern a stage."""
    return [one for one in DIFFERENCES if stage in one.stages]
