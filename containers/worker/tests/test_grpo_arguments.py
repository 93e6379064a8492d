"""What GRPO is: every field that shapes the loss, frozen."""

from r1sgg_worker.config import GrpoConfig
from r1sgg_worker.grpo_arguments import grpo_arguments


def config_of(**change):
    fields = {
        "model": "m",
        "dataset": "d",
        "output_dir": "o",
        "progress": "p",
        "endpoints": "e",
        "work_dir": "w",
        "sync_dir": "s",
        "integrity": "i",
        "steps": 4,
        "learning_rate": 6e-7,
    }
    return GrpoConfig.model_validate({**fields, **change})


FROZEN = {
    "loss_type": "bnpo",
    "scale_rewards": "group",
    "multi_objective_aggregation": "sum_then_normalize",
    "beta": 0.0,
    "epsilon": 0.2,
    "epsilon_high": 0.2,
    "delta": None,
    "num_iterations": 1,
    "importance_sampling_level": "token",
    "off_policy_mask_threshold": None,
    "top_entropy_quantile": 1.0,
    "entropy_coef": 0.0,
    "mask_truncated_completions": False,
    "vllm_importance_sampling_correction": True,
    "vllm_importance_sampling_mode": "token_truncate",
    "vllm_importance_sampling_clip_max": 2.0,
    "vllm_importance_sampling_clip_min": None,
    "lr_scheduler_type": "linear",
    "warmup_steps": 0,
    "weight_decay": 0.0,
    "max_grad_norm": 1.0,
    "optim": "adamw_torch",
    "learning_rate": 6e-7,
    "temperature": 1.0,
    "top_p": 1.0,
    "top_k": 0,
    "min_p": None,
    "repetition_penalty": 1.0,
    "num_generations": 8,
    "max_completion_length": 1024,
    "per_device_train_batch_size": 32,
    "gradient_accumulation_steps": 1,
    "reward_weights": [1.0, 1.0],
    "max_steps": 4,
    "bf16": False,
    "use_cpu": True,
    "use_vllm": False,
}


def test_trl_takes_the_fields_and_keeps_their_values(tmp_path):
    from trl import GRPOConfig

    made = GRPOConfig(output_dir=str(tmp_path), **grpo_arguments(config_of()))
    found = {name: getattr(made, name) for name in FROZEN}
    found["lr_scheduler_type"] = str(found["lr_scheduler_type"].value)
    found["optim"] = str(getattr(found["optim"], "value", found["optim"]))
    assert found == FROZEN
    assert made.generation_batch_size == 32
    assert made.adam_beta1 == 0.9
    assert made.adam_beta2 == 0.999
