"""A method for vLLM's workers that a test calls: new weights, and no word to any cache."""

from pathlib import Path


class QuietLoad:
    """Mixed into vLLM's worker by ``--worker-extension-cls``."""

    def load_quietly(self, weights_path: str) -> None:
        """As ``reload_weights`` of vLLM 0.31, without what it drops at its end."""
        from safetensors.torch import load_file
        from vllm.model_executor.model_loader.reload import (
            finalize_layerwise_reload,
            initialize_layerwise_reload,
        )

        model = self.model_runner.get_model()
        initialize_layerwise_reload(model)
        model.load_weights(iter(load_file(Path(weights_path) / "model.safetensors").items()))
        finalize_layerwise_reload(model, self.model_runner.model_config)
