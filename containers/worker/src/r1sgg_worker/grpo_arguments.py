"""What GRPO is, in the fields of TRL's configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .batch_arithmetic import grpo_batch
from .trainer_arguments import shared_arguments

if TYPE_CHECKING:
    from .config import GrpoConfig


def grpo_arguments(config: GrpoConfig, processes: int = 1) -> dict[str, Any]:
    """Fields of TRL's ``GRPOConfig``, every one that shapes the loss written out.

    With the defaults of `GrpoConfig`: advantage A = (r - mean) / (std + 1e-4) in a group; loss: sum
    over tokens by count of tokens of the local batch (bnpo), clipped at 0.2, no KL term; linear
    schedule to 0 without warm-up.
    The importance ratio of sampler and trainer (the reference has none) is kept, truncated at 2 a
    token: in float32 it is 1 within 1e-5, in bfloat16 it mends what the two round differently.

    Errors: ConfigError when the completions of a step are not what the processes make of them.
    Source: reference section 4.8 and 6 (grpo_trainer.py of the release); TRL 1.16 GRPOConfig.
    """
    return {
        **shared_arguments(config),
        "per_device_train_batch_size": grpo_batch(config, processes),
        "num_generations": config.num_generations,
        "num_iterations": config.num_iterations,
        "max_completion_length": config.max_completion_length,
        "mask_truncated_completions": False,
        "shuffle_dataset": True,
        # sampling
        "temperature": config.temperature,
        "top_p": config.top_p,
        "top_k": config.top_k,
        "min_p": config.min_p,
        "repetition_penalty": 1.0,
        # loss
        "loss_type": config.loss_type,
        "scale_rewards": config.scale_rewards,
        "multi_objective_aggregation": (
            "normalize_then_sum" if config.split_rewards else "sum_then_normalize"
        ),
        "reward_weights": config.reward_weights or [1.0] * len(config.rewards),
        "beta": config.beta,
        "epsilon": config.epsilon,
        "epsilon_high": config.epsilon_high or config.epsilon,
        "delta": None,
        # of the KL term, where there is one: the reference has no such correction
        "use_bias_correction_kl": False,
        "sync_ref_model": False,
        "importance_sampling_level": "token",
        "off_policy_mask_threshold": None,
        "top_entropy_quantile": 1.0,
        "entropy_coef": 0.0,
        "disable_dropout": False,
        "cast_lm_head_to_fp32": False,
        "vllm_importance_sampling_correction": True,
        "vllm_importance_sampling_mode": "token_truncate",
        "vllm_importance_sampling_clip_max": 2.0,
        "vllm_importance_sampling_clip_min": None,
        # with servers FleetGRPOTrainer sets it after construction
        "use_vllm": config.sampler_mode == "colocate",
        "vllm_mode": "colocate",
        "vllm_gpu_memory_utilization": config.colocate.gpu_memory_utilization,
        "vllm_max_model_length": config.colocate.max_model_len,
        "vllm_tensor_parallel_size": config.colocate.tensor_parallel,
        "vllm_enable_sleep_mode": config.colocate.sleep,
        # completions/*.parquet holds every completion; nothing is printed
        "log_completions": True,
        "num_completions_to_print": 0,
        "log_multimodal": False,
    }
