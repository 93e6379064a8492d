"""Every training script of the release: size, stage, parallelism, batch; and what a step holds.

Read from the scripts (scripts/grpo, scripts/sft, scripts/sft_local at e4de64d). Rows: script,
stage, size, parallel, processes, per-device batch, accumulation, group, prompts or rows a step.
train_fsdp.sh and train_zero3.sh abort as written, since they set the batch by another name than
the trainer asks for; here are the values that they meant.
"""

PAPER_RUNS = [
    ("train_a100", "grpo", "7B", "zero2", 16, 4, 4, 8, 32),
    ("train_a100_2B", "grpo", "2B", "zero2", 8, 4, 4, 8, 16),
    ("train_a100_2B_SFT", "grpo", "2B", "zero2", 16, 4, 4, 8, 32),
    ("train_a100_2B_close", "grpo", "2B", "zero2", 16, 4, 4, 8, 32),
    ("train_a100_2B_close_SFT", "grpo", "2B", "zero2", 16, 4, 4, 8, 32),
    ("train_a100_SFT", "grpo", "7B", "zero2", 16, 2, 8, 8, 32),
    ("train_a100_close", "grpo", "7B", "zero2", 32, 4, 2, 8, 32),
    ("train_fsdp", "grpo", "7B", "fsdp", 128, 1, 1, 8, 16),
    ("train_fused", "grpo", "7B", "zero3", 80, 1, 2, 8, 20),
    ("train_gh200", "grpo", "7B", "zero2-offload", 32, 8, 1, 8, 32),
    ("train_gh200_2B", "grpo", "2B", "zero2-offload", 4, 16, 1, 16, 4),
    ("train_gh200_2B_SFT", "grpo", "2B", "zero2-offload", 16, 16, 1, 8, 32),
    ("train_gh200_2B_close", "grpo", "2B", "zero2-offload", 16, 16, 1, 8, 32),
    ("train_gh200_SFT", "grpo", "7B", "zero2-offload", 32, 8, 1, 8, 32),
    ("train_gh200_close", "grpo", "7B", "zero2-offload", 32, 8, 1, 8, 32),
    ("train_gh200_close_SFT", "grpo", "7B", "zero2-offload", 32, 8, 1, 8, 32),
    ("train_zero3", "grpo", "7B", "zero3", 128, 1, 1, 8, 16),
    ("2B_sgg", "sft", "2B", "fsdp", 32, 4, 1, None, 128),
    ("7B_sgg", "sft", "7B", "fsdp", 32, 4, 1, None, 128),
    ("7B_sgg_lora", "sft", "7B", "fsdp", 16, 8, 1, None, 128),
    ("2B_sgg_predefined", "sft", "2B", "fsdp", 4, 4, 8, None, 128),
    ("7B_sgg_predefined", "sft", "7B", "fsdp", 4, 2, 16, None, 128),
]
