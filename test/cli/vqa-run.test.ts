import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { settings } from "../../src/core/vqa/setting.ts";
import { synthesize } from "../../src/data/synthesize.ts";
import { planRun } from "../../src/plan/plan-run.ts";
import { loadRun } from "../../src/recipe/load-run.ts";
import { shipped } from "../../src/root.ts";
import { temporaryFolder } from "../data/rows-file.ts";
import { chatAnswer, standIn } from "../infer/stand-in-server.ts";
import { laptop } from "../plan/machines.ts";
import { r1sgg } from "./r1sgg.ts";

interface Chat {
  readonly messages: readonly [{ readonly role: string; readonly content: readonly Part[] }];
}
type Part =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image_url"; readonly image_url: { readonly url: string } };

/** The text and the mean brightness of the image of a request. */
async function seen(body: unknown) {
  const { content } = (body as Chat).messages[0];
  const text = content.find((part) => part.type === "text")!.text;
  const { url } = content.find((part) => part.type === "image_url")!.image_url;
  const png = Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
  const { channels } = await sharp(png).stats();
  return { text, deviation: channels[0]!.stdev };
}

test("asks every question in every setting, with its text and its image, and goes on", async () => {
  const folder = await temporaryFolder();
  const [scenes, questions, out] = ["scenes", "q", "answers"].map((name) => join(folder, name));
  await synthesize({ count: 2, seed: 3, out: scenes! });
  await r1sgg("vqa", "build", "--dataset", scenes!, "--out", questions!);
  const asked = readFileSync(join(questions!, "questions.jsonl"), "utf8").trim().split("\n").length;
  const models = { data: [{ id: "qwen2-vl-7b" }] };
  const server = await standIn(({ path }) => ({
    body: path === "/v1/models" ? models : chatAnswer("A"),
  }));
  const run = (...more: readonly string[]) =>
    r1sgg("vqa", "run", "--questions", questions!, "--servers", server.url, "--out", out!, ...more);
  const first = await run("--settings", "original,no-boxes+mask-image", "--concurrency", "1");
  expect([first.code, first.out]).toEqual([0, `${out}\n`]);
  const chats = server.asked.filter(({ method }) => method === "POST");
  expect(chats).toHaveLength(2 * asked);
  expect(chats[0]!.body).toMatchObject({ model: "qwen2-vl-7b", temperature: 0, max_tokens: 128 });
  expect((chats[0]!.body as Chat).messages).toHaveLength(1); // no system message of ours
  const [plain, masked] = [await seen(chats[0]!.body), await seen(chats[asked]!.body)];
  expect(plain.text).toContain(" at [");
  expect(masked.text).not.toContain(" at [");
  expect(Math.abs(masked.deviation - 73.9)).toBeLessThan(2); // even noise from 0 to 255
  expect(Math.abs(plain.deviation - 73.9)).toBeGreaterThan(2);

  const second = await run();
  expect(second.code).toBe(0);
  expect(second.err).toContain(`original: ${asked} questions: 0 answered now, ${asked} before`);
  expect(server.asked.filter(({ method }) => method === "POST")).toHaveLength(9 * asked);
  const score = await r1sgg("vqa", "score", "--questions", questions!, "--predictions", out!);
  for (const { row } of settings) expect(score.out).toContain(row);
  expect(score.out).toContain(`letter`);

  const wrong = await run("--settings", "orig");
  expect([wrong.code, wrong.err]).toEqual([
    2,
    expect.stringContaining('Cannot ask in setting "orig": unknown, expected original, mask-image'),
  ]);
});

test("takes the words of a planned run, and scores with those of the task behind it", async () => {
  const folder = await temporaryFolder();
  const [scenes, questions, out] = ["scenes", "q", "answers"].map((name) => join(folder, name));
  await synthesize({ count: 2, seed: 3, out: scenes! });
  await r1sgg("vqa", "build", "--dataset", scenes!, "--out", questions!);
  const server = await standIn(({ path }) => ({
    body: path === "/v1/models" ? { data: [{ id: "policy" }] } : chatAnswer("A"),
  }));
  const run = await loadRun(shipped("recipes/smoke/vqa.yaml"));
  const { roles } = planRun({ run, machine: laptop, backend: "local", gpus: 0 });
  const places: Readonly<Record<string, string>> = {
    ...{ "inputs/questions": questions!, vqa: out!, "metrics.json": join(folder, "metrics.json") },
  };
  for (const { command } of roles.filter(({ kind }) => kind === "task")) {
    const [program, stage, ...words] = command.map((word) =>
      typeof word === "string" ? word : server.url,
    );
    expect([program, stage]).toEqual(["r1sgg", "vqa"]);
    const { code, err } = await r1sgg(stage!, ...words.map((word) => places[word] ?? word));
    expect(code, err).toBe(0);
  }
  const scored = JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8"));
  expect(scored.settings.map(({ setting }: { setting: string }) => setting)).toEqual(
    settings.map(({ name }) => name),
  );
});
