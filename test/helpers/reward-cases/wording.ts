import type { Random } from "../../../src/core/random-stream.ts";
import { whole } from "./graphs.ts";

type Wrap = (json: string, random: Random) => string;

const tagged = (json: string): string => `<think>I look.</think>\n<answer>${json}</answer>`;
const spaces = ["", " ", "\n", " \t\n", "\u00a0", "\u001c", "\u0085", "\u2028", "\ufeff", "\u200b"];

/** Around the answer: what was asked for, and what models do instead. */
const wraps: readonly Wrap[] = [
  (json) => json,
  (json) => `<answer>${json}</answer>`,
  (json) => `<think>x</think>${json}`,
  (json) => `<think>x</think><answer>${json}`,
  (json) => `<think>x<answer>${json}</answer>`,
  (json) => `<think></think><answer>${json}</answer>`,
  (json) => `<think>x</think><answer>oops</answer><answer>${json}</answer>`,
  (json) => `<think>x</think><answer>${json}</answer><answer>oops</answer>`,
  (json) => `<think>a <answer>${json}</answer> b</think><answer>oops</answer>`,
  (json) => `<think>a <answer> b</think><answer>${json}</answer>`,
  (json) => `<think>x</think><answer><answer>${json}</answer></answer>`,
  (json) => `<think>a<think>b</think>c</think> <answer>${json}</answer>`,
  (json) => `<think>a</think> <think>b</think> <answer>${json}</answer>`,
  (json) => `<THINK>x</THINK><ANSWER>${json}</ANSWER>`,
  (json) => `<think>x</think><answer type="graph">${json}</answer>`,
  (json) => `Sure. ${tagged(json)}`,
  (json) => `${tagged(json)} Done.`,
  (json) => `<think>x</think> so <answer>${json}</answer>`,
  (json) => `</answer><think>x</think><answer>${json}</answer>`,
  (json) => `<think>x</think><answer>The graph: ${json}</answer>`,
  (json) => `<think>x</think><answer>${json} That is all.</answer>`,
  (json) => `<think>object relationships</think><answer>{}</answer>${json}`,
  (json) => `<think>x</think><answer>the object and its relationships</answer>${json.slice(0, 9)}`,
  (json) => `<think>x</think><answer>\`\`\`json\n${json}\n\`\`\`</answer>`,
  (json) => `\`\`\`json\n${json}\n\`\`\``,
  (json) => `<think>json</think><answer>json ${json}</answer>`,
  (json) => `<ans\`\`\`wer>${json}</answer>`,
  (json) => `<think>x</think><answer>${JSON.stringify(json)}</answer>`,
  (json) => `<think>x</think><answer>[${json}]</answer>`,
  (json) => `<think>x</think><answer>{"objects":[],"relationships":[],${json.slice(1)}</answer>`,
  (json) => `<think>x</think><answer>${json.slice(0, -1)},}</answer>`,
  (json) => `<think>x</think><answer>${json.replaceAll('"', "'")}</answer>`,
  (json) => `<think>x</think><answer>${json}/* done */</answer>`,
  (json) => `<think>x</think><answer>\ufeff${json}</answer>`,
  (json) =>
    `<think>x</think><answer>${json.slice(0, -1)},"x":${"[".repeat(900)}${"]".repeat(900)}}</answer>`,
  (json) =>
    `<think>x</think><answer>${json.slice(0, -1)},"x":${"[".repeat(1200)}${"]".repeat(1200)}}</answer>`,
  (json, random) => tagged(json.slice(0, whole(random, 0, json.length))),
  (json, random) => `<think>x</think><answer>${json.slice(0, whole(random, 0, json.length))}`,
];

/** Pieces that change a text's meaning where they stand. */
const pieces: readonly string[] = [
  ...'{}[],:"\\/-.019eE\n\t\0',
  ...["NaN", "null", "true", "\\u0041", "\\ud800", "\\n", "```", "json", "<answer>", "</answer>"],
  ...["<think>", "</think>", '"objects"', '"id"', "999", "_", "-", "\u00a0", "\ud83d\ude00", "İ"],
];

/** A completion that says a JSON text, well or badly. */
export function say(json: string, random: Random): string {
  const way = random.unit();
  if (way < 0.62) return tagged(json);
  if (way < 0.7) {
    const [a, b, c, d, e] = [0, 1, 2, 3, 4].map(() => random.pick(spaces));
    return `${a}<think>x</think>${b}<answer>${c}${json}${d}</answer>${e}`;
  }
  if (way < 0.92) return random.pick(wraps)(json, random);
  return damaged(tagged(json), random);
}

function damaged(text: string, random: Random): string {
  let current = text;
  for (let left = whole(random, 1, 3); left > 0; left -= 1) {
    const at = whole(random, 0, current.length);
    const piece = random.unit() < 0.3 ? "" : random.pick(pieces);
    current = current.slice(0, at) + piece + current.slice(at + whole(random, 0, 5));
  }
  return current;
}
