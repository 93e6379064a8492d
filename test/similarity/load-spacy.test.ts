import { cp, mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { classTerms } from "../../src/core/classes/class-terms.ts";
import { shipped } from "../../src/root.ts";
import { loadSpacy } from "../../src/similarity/load-spacy.ts";
import { askOracle } from "../helpers/oracle.ts";
import { requires } from "../helpers/requires.ts";

const folder = shipped("src/similarity/en_core_web_sm-3.8.0");

async function copy(): Promise<string> {
  const copied = await mkdtemp(join(tmpdir(), "r1sgg-model-"));
  onTestFinished(() => rm(copied, { recursive: true, force: true }));
  await cp(folder, copied, { recursive: true });
  return copied;
}

it("loads the model that ships, and all class names with it", async () => {
  const { model, classes, identity } = await loadSpacy();
  expect(model("traffic light").words).toEqual(["traffic", "light"]);
  expect([...classes.keys()]).toEqual(classTerms);
  expect(identity).toMatch(/^en_core_web_sm 3\.8\.0 [0-9a-f]{12} [0-9a-f]{12}$/);
});

it.each(["tok2vec.safetensors", "tokenizer.json", "class-names.json"])(
  "refuses a folder without %s, and one where it is cut off",
  async (name) => {
    const copied = await copy();
    const path = join(copied, name);
    await truncate(path, 1000);
    await expect(loadSpacy(copied)).rejects.toMatchObject({
      code: "LAUNCH",
      message: expect.stringMatching(
        /^Cannot load the similarity model ".*": its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}, expected the file that ships with r1sgg$/,
      ),
    });
    await rm(path);
    await expect(loadSpacy(copied)).rejects.toMatchObject({
      code: "LAUNCH",
      message: `Cannot load the similarity model "${path}": no such file, expected the file that ships with r1sgg`,
    });
  },
);

requires("python").it(
  "ships what export.py writes, byte for byte",
  async () => {
    const written = await mkdtemp(join(tmpdir(), "r1sgg-export-"));
    onTestFinished(() => rm(written, { recursive: true, force: true }));
    const program = `
import json, runpy, sys
sys.argv = json.load(sys.stdin)
runpy.run_path(sys.argv[0], run_name="__main__")
print(json.dumps(None))
`;
    await askOracle(program, [join(folder, "export.py"), written]);
    for (const name of ["tok2vec.safetensors", "tokenizer.json", "SHA256SUMS"]) {
      const [ours, theirs] = await Promise.all(
        [folder, written].map((where) => readFile(join(where, name))),
      );
      expect(ours!.equals(theirs!), name).toBe(true);
    }
  },
  300_000,
);
