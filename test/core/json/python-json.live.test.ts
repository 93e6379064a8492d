import fc from "fast-check";
import { expect, it } from "vitest";
import { answerText, hasThinkAndAnswer } from "../../../src/core/graph/answer-text.ts";
import { refine } from "../../../src/core/graph/names.ts";
import type { JsonValue } from "../../../src/core/json/json-value.ts";
import { parsePythonJson } from "../../../src/core/json/python-json.ts";
import { awkwardText, damagedCompletion } from "../../helpers/arbitraries.ts";
import { askPython, needsPython, noPython } from "../../helpers/python.ts";

/** What spec and standard library say, in Python: the oracle of everything that reads a completion. */
const program = String.raw`
import json, re, struct, sys

def plain(value):
    if isinstance(value, bool) or value is None or isinstance(value, str): return value
    if isinstance(value, list): return [plain(item) for item in value]
    if isinstance(value, dict): return {"object": sorted([key, plain(item)] for key, item in value.items())}
    try: number = float(value)
    except OverflowError: return {"integer": hex(value)}
    return {"number": "nan" if number != number else struct.pack(">d", number + 0.0).hex()}

def read(text):
    try: value = json.loads(text)
    except (ValueError, RecursionError): return {"refused": True}
    return {"value": plain(value)}

def answer(text):
    text = text.replace("${"```"}", " ").replace("json", " ").strip()
    found = re.search(r"<answer>(.*?)</answer>", text, re.DOTALL) or re.search(r"<answer>(.*)", text, re.DOTALL)
    return found.group(1).strip() if found else text

tags = r"<think>.*?</think>\s*<answer>(.*?)</answer>"
print(json.dumps([{
    "json": read(text),
    "answer": answer(text),
    "answer_json": read(answer(text)),
    "tags": bool(re.fullmatch(tags, text.strip(), re.DOTALL)),
    "refined": text.replace("_", " ").replace("-", " ").strip().lower(),
} for text in json.load(sys.stdin)]))
`;

function read(text: string): unknown {
  const result = parsePythonJson(text);
  return result.ok ? { value: plain(result.value) } : { refused: true };
}

/** As `plain` above. Negative zero counts as zero: Python's integer -0 has no sign. */
function plain(value: JsonValue): unknown {
  if (typeof value === "bigint") {
    return { integer: `${value < 0n ? "-" : ""}0x${(value < 0n ? -value : value).toString(16)}` };
  }
  if (typeof value === "number") {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value + 0);
    return { number: Number.isNaN(value) ? "nan" : bytes.toString("hex") };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, plain(item)] as const);
  return { object: entries.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

it.skipIf(noPython)(needsPython("reads 12,000 awkward texts as a live Python does"), () => {
  const texts = [
    ...fc.sample(damagedCompletion(), { numRuns: 6000, seed: 1 }),
    ...fc.sample(awkwardText(), { numRuns: 6000, seed: 2 }),
  ];
  const expected = askPython(program, texts) as readonly { readonly answer_json: object }[];
  const found = texts.map((text) => ({
    json: read(text),
    answer: answerText(text),
    answer_json: read(answerText(text)),
    tags: hasThinkAndAnswer(text),
    refined: refine(text),
  }));
  const differences = texts.flatMap((text, i) =>
    JSON.stringify(found[i]) === JSON.stringify(expected[i])
      ? []
      : [{ text, found: found[i], expected: expected[i] }],
  );
  expect(differences.slice(0, 3)).toEqual([]);
  const accepted = expected.filter(({ answer_json }) => "value" in answer_json).length;
  expect(accepted).toBeGreaterThan(1000); // the comparison must see both sides
});
