"""colocated_vllm.py MODEL ROWS: what a vLLM in this process sees, asked as TRL asks it.

Writes, with ColocatedVllm and without, how many tokens prompts had in vLLM beside the trainer's,
and the mean difference of its log-probabilities from the model's; the latter also for images seen
before after the vision tower has changed, with what each of them drops then. A process of its own,
since vLLM leaves its traces in it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

os.environ.update(
    VLLM_ENABLE_V1_MULTIPROCESSING="0", HF_HUB_OFFLINE="1", VLLM_CPU_KVCACHE_SPACE="1"
)


def main(model: Path, rows_file: Path) -> None:
    import torch
    from transformers import AutoProcessor, Qwen2VLForConditionalGeneration
    from vllm import LLM, SamplingParams

    from helpers import MAX_PIXELS, MIN_PIXELS
    from r1sgg_worker.colocated import ColocatedVllm
    from r1sgg_worker.rows import GrpoRow, as_messages, load_rows, open_image

    row = load_rows(rows_file, GrpoRow)[0]
    image = open_image(row.image_path)
    images = [image, image.resize((840, 672))]  # the second is above the limit
    processor = AutoProcessor.from_pretrained(model)
    processor.image_processor.size = {"shortest_edge": MIN_PIXELS, "longest_edge": MAX_PIXELS}
    policy = Qwen2VLForConditionalGeneration.from_pretrained(model, dtype=torch.float32).eval()
    llm = LLM(
        model=str(model),
        dtype="float32",
        enforce_eager=True,
        max_model_len=1024,
        max_num_seqs=8,
        seed=0,
        logprobs_mode="processed_logprobs",
    )
    conversations = [messages(as_messages(row.prompt), one) for one in images]
    inputs = [encoded(processor, one) for one in conversations]
    ids = [one["input_ids"][0].tolist() for one in inputs]
    prompts = [
        {"prompt_token_ids": one, "multi_modal_data": {"image": picture}}
        for one, picture in zip(ids, images, strict=True)
    ]
    settings = SamplingParams(temperature=1.0, max_tokens=48, logprobs=0)
    limits = {"min_pixels": MIN_PIXELS, "max_pixels": MAX_PIXELS}
    mended = ColocatedVllm(llm, processor.image_token_id, limits)
    found = {"trainer": [len(one) for one in ids]}

    def sampled(sampler):
        outputs = sampler.generate(prompts, sampling_params=settings, use_tqdm=False)
        differences = [
            difference(policy, one, output.outputs[0])
            for one, output in zip(inputs, outputs, strict=True)
        ]
        return {
            "prompts": [len(one.prompt_token_ids) for one in outputs],
            "differences": differences,
        }

    found["plain"] = sampled(llm)
    found["mended"] = sampled(mended)
    weight = policy.model.visual.merger.ln_q.weight
    weight.data *= 3
    runner = llm.llm_engine.model_executor.driver_worker.model_runner
    runner.model.load_weights([("model.visual.merger.ln_q.weight", weight.data)])
    llm.reset_prefix_cache()
    found["stale"] = sampled(mended)["differences"]
    mended.reset_prefix_cache()
    found["renewed"] = sampled(mended)["differences"]
    sys.stdout.write(f"\nfound {json.dumps(found)}\n")


def messages(prompt, image):
    system, user = prompt
    content = [{"type": "image", "image": image}, {"type": "text", "text": user["content"]}]
    text = [{"type": "text", "text": system["content"]}]
    return [{"role": "system", "content": text}, {"role": "user", "content": content}]


def encoded(processor, conversation):
    return processor.apply_chat_template(
        [conversation],
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
    )


def difference(policy, inputs, completion):
    """Mean over the sampled tokens of |log p of the model - log p of vLLM|, in nats."""
    import torch

    tokens = torch.tensor([list(completion.token_ids)])
    fields = dict(inputs)
    prompt = fields["input_ids"]
    fields["input_ids"] = torch.cat([prompt, tokens], 1)
    fields["attention_mask"] = torch.ones_like(fields["input_ids"])
    if "mm_token_type_ids" in fields:
        kinds = fields["mm_token_type_ids"]
        fields["mm_token_type_ids"] = torch.cat([kinds, torch.zeros_like(tokens)], 1)
    with torch.no_grad():
        logits = policy(**fields).logits[0, prompt.shape[1] - 1 : -1]
    ours = logits.log_softmax(-1).gather(1, tokens[0, :, None])[:, 0]
    pairs = zip(completion.logprobs, completion.token_ids, strict=True)
    theirs = torch.tensor([one[token].logprob for one, token in pairs])
    return float((ours - theirs).abs().mean())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
