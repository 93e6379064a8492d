"""Models whose input and output embeddings are one tensor (Qwen2-VL-2B has them)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import ConfigError

if TYPE_CHECKING:
    from .config import TrainingConfig


def refuse_tied_on_cpu(config: TrainingConfig) -> None:
    """Such a model cannot follow its trainer on a CPU server.

    vLLM 0.31 keeps a packed copy of the output layer on CPU. Reloading renews it for layers that
    the file names, and a tied output layer is not one of them: the samplers go on with that of
    their launch (log-probabilities 0.4 off after a change of 20 %). On GPUs nothing is packed
    (read, not run: vllm/model_executor/layers/vocab_parallel_embedding.py).

    Errors: ConfigError for a tied model on a CPU, or a model without a readable config.json.
    """
    if config.device != "cpu":
        return
    from transformers import AutoConfig

    try:
        model = AutoConfig.from_pretrained(config.model)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise ConfigError(f'Cannot load model "{config.model}": {reason}') from error
    if model.tie_word_embeddings or model.get_text_config().tie_word_embeddings:
        raise ConfigError(
            f'Cannot run GRPO of "{config.model}" on cpu: tie_word_embeddings is true, expected '
            "false, since vLLM's CPU build does not reload tied embeddings; use a GPU"
        )
