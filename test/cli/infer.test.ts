import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { synthesize } from "../../src/data/synthesize.ts";
import { temporaryFolder } from "../data/rows-file.ts";
import { chatAnswer, standIn } from "../infer/stand-in-server.ts";
import { r1sgg } from "./r1sgg.ts";

async function scenes() {
  const folder = await temporaryFolder();
  await synthesize({ count: 3, seed: 1, out: join(folder, "scenes") });
  return { dataset: join(folder, "scenes"), out: join(folder, "predictions.jsonl") };
}

describe("r1sgg infer", () => {
  it("writes predictions from a server whose model it asks for", async () => {
    const { dataset, out } = await scenes();
    const models = { data: [{ id: "qwen2-vl-sft" }] };
    const server = await standIn(({ path }) => ({
      body: path === "/v1/models" ? models : chatAnswer("{}"),
    }));
    const flags = ["--dataset", dataset, "--servers", `${server.url}/`, "--out", out];
    const first = await r1sgg("infer", ...flags, "--temperature", "0.5", "--max-tokens", "9");
    expect([first.code, first.out]).toEqual([0, `${out}\n`]);
    expect(first.err).toContain(
      "infer: 3 images: 3 answered now, 0 before, 0 unanswered; 0 tries failed\n",
    );
    expect(server.asked[1]!.body).toMatchObject({
      model: "qwen2-vl-sft",
      temperature: 0.5,
      top_k: 1,
      top_p: 0.001,
      max_tokens: 9,
    });
    const text = await readFile(out, "utf8");
    expect(
      text
        .split("\n")
        .slice(0, 3)
        .map((line) => JSON.parse(line).image_id),
    ).toEqual([0, 1, 2].map((index) => `scene_1_00000${index}`));
    const again = await r1sgg("infer", ...flags, "--temperature", "0.5", "--max-tokens", "9");
    expect(again.err).toContain("infer: 3 images: 0 answered now, 3 before, 0 unanswered");
    expect(server.asked.filter(({ method }) => method === "POST")).toHaveLength(3);
    const other = await r1sgg("infer", ...flags, "--max-tokens", "9");
    expect([other.code, other.err]).toEqual([
      2,
      `r1sgg: Cannot continue "${out}": it was made with sampling.temperature 0.5 instead of 0.01, expected the same settings, or another --out\n`,
    ]);
  });

  it("shows one request and sends none with --dry-run", async () => {
    const { dataset, out } = await scenes();
    const server = await standIn(() => ({ status: 500 }));
    const { code, out: shown } = await r1sgg(
      ...["infer", "--dataset", dataset, "--servers", server.url, "--out", out],
      ...["--dry-run", "--system", "system-think"],
    );
    expect([code, server.asked.length]).toEqual([0, 0]);
    const { url, body } = JSON.parse(shown);
    expect(url).toBe(`${server.url}/v1/chat/completions`);
    expect(body.messages[0].content).toMatch(/^A conversation between User and Assistant/);
    expect(body.messages[1].content[0].image_url.url).toMatch(
      /^data:image\/png;base64,\S{30,}… \(\d+ characters\)$/,
    );
    expect(body.messages[1].content[1].text).toMatch(/^Generate a structured scene graph/);
    await expect(readFile(out)).rejects.toThrow("ENOENT");
  });

  it("exits 4 for a server that is not there, 3 for a dataset, 2 for an address or a prompt", async () => {
    const { dataset, out } = await scenes();
    const run = (...flags: readonly string[]) => r1sgg("infer", "--out", out, ...flags);
    const there = ["--dataset", dataset, "--servers", "http://127.0.0.1:9"];
    expect(await run(...there)).toMatchObject({
      code: 4,
      err: expect.stringContaining("ECONNREFUSED"),
    });
    expect(await run(...there, "--dataset", "/no")).toMatchObject({ code: 3 });
    expect(await run(...there, "--servers", "localhost:8000")).toMatchObject({
      code: 2,
      err: 'r1sgg: Cannot use server "localhost:8000": no URL, expected for example http://127.0.0.1:8000\n',
    });
    expect(await run(...there, "--prompt", "opne")).toMatchObject({ code: 2 });
    for (const value of ["x", "", "-1", "Infinity"])
      expect(await run(...there, "--top-p", value)).toMatchObject({ code: 2 });
  });
});
