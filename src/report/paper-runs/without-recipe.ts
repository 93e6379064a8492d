/** Launch scripts of the reference that no recipe stands for, and why. */
export const withoutRecipe: Readonly<Record<string, string>> = {
  "debug/debug.sh": "a trial on one GPU; aborts as written (a batch size that the trainer refuses)",
  "debug/debug_gh200.sh": "a trial on one node; aborts as written, for the same reason",
  "debug/debug_gh200_local_vllm.sh": "a trial on one node; aborts as written, for the same reason",
  "debug/test_vllm.sh": "starts servers for a test of them; trains nothing",
  "grpo/run_vllm.sh":
    "starts the servers of train_fsdp.sh and train_zero3.sh; here a run starts its own (`sampler.mode=server`)",
  "grpo/train_fsdp.sh":
    "128 RTX 4090 with servers elsewhere; aborts as written, for the same reason",
  "grpo/train_zero3.sh": "the same with ZeRO-3; aborts as written, for the same reason",
  "grpo/train_fused.sh":
    "120 RTX 4090, for those who have no large GPUs; 20 prompts a step, behind no number of the paper",
  "grpo/train_gh200_2B.sh":
    "a trial of 20 minutes on one node, 4 prompts a step in groups of 16; the ablation of groups has the paper's 32",
  "inference/run_sgg_inference.sh":
    "all of `infer/`: its arguments are the data, the model and the prompts; its values are in `_infer.yaml`",
  "sft/7B_sgg_lora.sh":
    "sets LoRA's sizes without switching it on, so that it trains all weights; behind no number of the paper",
};
