"""A vLLM server and the same model here, scoring the same tokens."""

import torch

from r1sgg_worker.disk_transport import DiskTransport
from r1sgg_worker.endpoints import SamplerEndpoint
from r1sgg_worker.fleet import SamplerFleet
from r1sgg_worker.generation import FleetGeneration
from r1sgg_worker.integrity import largest_difference
from r1sgg_worker.roster import Roster
from r1sgg_worker.rows import GrpoRow, as_messages, load_rows, open_image
from r1sgg_worker.sampler import Sampler
from r1sgg_worker.special_tokens import forbidden_token_ids
from r1sgg_worker.weight_folder import WeightFolder
from r1sgg_worker.weights import tensor_info


class Pair:
    """The server, and the same model here, scoring the same tokens."""

    def __init__(self, server, rows, folder):
        from transformers import AutoModelForImageTextToText, AutoProcessor

        self.processor = AutoProcessor.from_pretrained(server.model)
        self.model = AutoModelForImageTextToText.from_pretrained(server.model).eval()
        self.rows = load_rows(rows / "grpo.jsonl", GrpoRow)
        self.sampler = Sampler(SamplerEndpoint(url=server.url, model="policy"), 5, 120)
        self.fleet = SamplerFleet(
            Roster([self.sampler], "end", lambda _: None),
            DiskTransport(WeightFolder(folder)),
            120,
            lambda _: None,
        )
        self.banned = forbidden_token_ids(self.processor.tokenizer)

    def sync(self, without=None):
        """Bring the weights to the server, but for a tensor."""
        named = [one for one in self.model.named_parameters() if one[0] != without]
        self.fleet.update_named_params([tensor_info(*one) for one in named], iter(named))

    def change(self, part, factor):
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                if part in name:
                    parameter.mul_(factor)

    @torch.no_grad()
    def difference(self, index):
        """Largest difference of log-probabilities on 4 fresh completions for one image."""
        row = self.rows[index]
        system, user = as_messages(row.prompt)
        content = [{"type": "image"}, {"type": "text", "text": user["content"]}]
        text = self.processor.apply_chat_template(
            [system, {"role": "user", "content": content}],
            add_generation_prompt=True,
            tokenize=False,
        )
        image = open_image(row.image_path)
        inputs = self.processor(text=[text], images=[image], return_tensors="pt")
        prompt = inputs["input_ids"][0].tolist()
        placing = FleetGeneration.__new__(FleetGeneration)
        placing.processing_class = self.processor
        features = placing._place_features(self.sampler.image_features([[image]])[0], prompt)
        answer = self.sampler.generate(
            [prompt],
            [features],
            n=4,
            max_tokens=24,
            logprobs=0,
            generation_kwargs={"logit_bias": {str(token): -100.0 for token in self.banned}},
        )
        worst = 0.0
        for ids, logprobs in zip(answer["completion_ids"], answer["logprobs"], strict=True):
            assert not set(ids) & set(self.banned)
            whole = torch.tensor([prompt + ids])
            inputs["input_ids"], inputs["attention_mask"] = whole, torch.ones_like(whole)
            inputs["mm_token_type_ids"] = (whole == self.processor.image_token_id).int()
            logits = self.model(**inputs).logits[0, len(prompt) - 1 : -1]
            ours = logits.log_softmax(-1).gather(1, torch.tensor(ids)[:, None])[:, 0]
            theirs = torch.tensor([one[0] for one in logprobs])
            worst = max(worst, largest_difference(ours, theirs, torch.ones(len(ids))))
        return worst
