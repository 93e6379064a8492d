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

  it("exits 5 when an image got no answer, lists it, and tells the counts as JSON", async () => {
    const { dataset, out } = await scenes();
    const models = { data: [{ id: "qwen2.5-vl" }] };
    let posts = 0;
    const server = await standIn(({ path }) => {
      if (path === "/v1/models") return { body: models };
      posts += 1;
      return posts === 2
        ? { status: 400, body: { message: "too long" } }
        : { body: chatAnswer("{}") };
    });
    const flags = ["--dataset", dataset, "--servers", server.url, "--out", out];
    const { code, out: json, err } = await r1sgg("infer", ...flags, "--concurrency", "1", "--json");
    const servers = [{ url: server.url, answered: 2, failures: 0 }];
    expect([code, JSON.parse(json)]).toEqual([
      5,
      { of: 3, kept: 0, answered: 2, unanswered: 1, servers },
    ]);
    expect(err).toContain(
      `r1sgg: Cannot answer 1 of 3 images: "scene_1_000001": ${server.url} answered 400 (too long), expected an answer to each; "${out}.unanswered.jsonl" lists them, and the same command asks them again`,
    );
    const list = JSON.parse(await readFile(`${out}.unanswered.jsonl`, "utf8"));
    expect(list.image_id).toBe("scene_1_000001");
    const lines = (await readFile(out, "utf8")).trimEnd().split("\n");
    // The scenes are small: Qwen2.5-VL sees them in the nearest whole 28 pixels.
    const rows = (await readFile(join(dataset, "scenes.jsonl"), "utf8")).trimEnd().split("\n");
    const near = (side: number) => Math.round(side / 28) * 28;
    const seen = [rows[0]!, rows[2]!].map((row) => JSON.parse(row));
    expect(lines.map((line) => JSON.parse(line).box_scale)).toEqual(
      seen.map(({ width, height }) => [near(width), near(height)]),
    );
  });

  it("takes servers one by one as well as in a list", async () => {
    const { dataset, out } = await scenes();
    const models = { data: [{ id: "qwen2-vl" }] };
    const [a, b, c] = await Promise.all(
      [1, 2, 3].map(() =>
        standIn(({ path }) => ({ body: path === "/v1/models" ? models : chatAnswer("{}") })),
      ),
    );
    const servers = ["--servers", a!.url, "--servers", `${b!.url},${c!.url}`];
    const flags = ["infer", "--dataset", dataset, "--out", out, "--concurrency", "1", "--json"];
    const { out: json } = await r1sgg(...flags, ...servers);
    expect(JSON.parse(json).servers.map(({ url }: { url: string }) => url)).toEqual(
      [a, b, c].map((one) => one!.url),
    );
    const twice = await r1sgg(...flags, ...servers, "--servers", a!.url);
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining("given twice")]);
  });

  it("shows what a model of another family is asked", async () => {
    const { dataset, out } = await scenes();
    const flags = ["infer", "--dataset", dataset, "--servers", "http://x:1", "--out", out];
    const named = ["--model", "llava-hf/llava-1.5-7b-hf", "--dry-run"];
    const { messages } = JSON.parse((await r1sgg(...flags, ...named)).out).body;
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(["user"]);
    expect(messages[0].content.map(({ type }: { type: string }) => type)).toEqual([
      ...["text", "image_url"],
    ]);
    const asked = [...named, "--family", "qwen2.5-vl", "--resize", "request"];
    const { body } = JSON.parse((await r1sgg(...flags, ...asked)).out);
    expect(body.mm_processor_kwargs).toEqual({ min_pixels: 3136, max_pixels: 802816 });
  });

  it.each([
    [[], "no server, expected --servers or --launch"],
    [["--servers", "http://x:1", "--launch", "2"], "both --servers and --launch, expected"],
    [["--launch", "2"], "--launch without --model, expected"],
    [["--servers", "http://x:1", "--device", "cpu"], "--device with servers that run already"],
    [["--launch", "1", "--model", "m", "--resize", "here"], "--resize with --launch, which tells"],
    [["--servers", "http://x:1", "--min-pixels", "9", "--max-pixels", "8"], "--min-pixels 9 above"],
  ])("refuses %j", async (more, said) => {
    const { code, err } = await r1sgg("infer", "--dataset", "d", "--out", "o", ...more);
    expect([code, err]).toEqual([2, expect.stringContaining(`Cannot infer: ${said}`)]);
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
