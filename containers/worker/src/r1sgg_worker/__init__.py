"""Python side of r1sgg: SFT and GRPO of Qwen2-VL, the sampler client, the reward client."""

__version__ = "0.1.0"
