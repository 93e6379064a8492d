"""Rewards for TRL, asked for as OpenRLHF asks: the whole text of prompt and answer of one sample.

The form of the request follows OpenRLHF's own client, read in commit
04655bc3f38cd33109101fb948673aef3db37a9c and in release 0.11.2: openrlhf/utils/agent.py
(``SingleTurnAgentExecutor``), openrlhf/utils/vlm_utils.py and openrlhf/datasets/prompts_dataset.py.
None of its code is here. What matters for an endpoint:

- ``query`` is the decoded prompt and answer with all special tokens; the placeholder of an image
  stands there once for each of its tokens.
- ``prompts`` has the prompt as the chat template makes it, where the placeholder stands once: with
  an image the query does not begin with the prompt.
- ``labels`` holds the column that the user names, as it is: here JSON text.
- One sample a request, many at once, each over a connection of its own.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass(frozen=True)
class Exchange:
    """A completion as TRL has it, what was asked about it, and the reward that came back."""

    text: str
    body: dict[str, list[str]]
    reward: float


def openrlhf_reward(url: str, processor: Any, exchanges: list[Exchange]):
    """A reward function for TRL, which notes each exchange; rows need ``image`` and ``label``."""

    async def openrlhf(prompts, completions, completion_ids, image, label, **_: Any):
        rows = zip(prompts, completion_ids, image, label, strict=True)
        bodies = [openrlhf_body(processor, *row) for row in rows]
        answers = await asyncio.gather(*(_post(url, body) for body in bodies))
        rewards = [answer["rewards"][0] for answer in answers]
        texts = [completion[0]["content"] for completion in completions]
        exchanges.extend(map(Exchange, texts, bodies, rewards))
        return rewards

    return openrlhf


def openrlhf_body(processor, messages, completion_ids, image, label) -> dict[str, list[str]]:
    """What is sent for one sample."""
    prompt = processor.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    inputs = processor(text=[prompt], images=[image], add_special_tokens=False)
    tokens = [*inputs["input_ids"][0], *completion_ids]
    query = processor.tokenizer.decode(tokens, skip_special_tokens=False)
    return {"query": [query], "prompts": [prompt], "labels": [label]}


async def _post(url: str, body: dict) -> dict:
    limit = aiohttp.ClientTimeout(total=180)
    async with (
        aiohttp.ClientSession(timeout=limit) as session,
        session.post(url, json=body) as response,
    ):
        response.raise_for_status()
        return await response.json()
