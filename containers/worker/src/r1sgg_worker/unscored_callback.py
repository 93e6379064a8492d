"""A step of which nothing was scored moves no weight, not even by momentum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transformers import TrainerCallback

from .agreement import anywhere

if TYPE_CHECKING:
    from .reward_client import RewardClient


class SkipUnscoredSteps(TrainerCallback):
    """Drops the gradient of a step that has none because its batch was not scored.

    TRL gives such completions the advantage 0, so that their gradient is exactly 0. AdamW would
    still move the weights by the momentum of earlier steps and decay them; it leaves alone what has
    no gradient at all. The step counts as one, and the learning rate goes on.

    Every process decides the same. Under DeepSpeed gradients are not to be seen here, and its
    engine has taken the step already: there the momentum stays.
    """

    def __init__(self, client: RewardClient) -> None:
        self._client = client

    def on_pre_optimizer_step(
        self, _args: Any, _state: Any, _control: Any, model: Any = None, **_: Any
    ) -> None:
        """Called when the gradients of a step are complete on all processes."""
        gradients = (one.grad for one in model.parameters() if one.grad is not None)
        learns = any(bool(gradient.any()) for gradient in gradients)
        device = next(model.parameters()).device
        learns, failed = anywhere(learns, self._client.latest_failed, device=device)
        if failed and not learns:
            model.zero_grad(set_to_none=True)
