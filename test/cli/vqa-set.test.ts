import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { vqaCommand } from "../../src/cli/vqa.ts";
import type { Box } from "../../src/core/graph/scene-graph.ts";
import type { Question } from "../../src/core/vqa/question.ts";
import { settings } from "../../src/core/vqa/setting.ts";
import { synthesize } from "../../src/data/synthesize.ts";
import type { VqaRow } from "../../src/report/vqa-text.ts";
import { readLines } from "../e2e/smoke-process.ts";
import { runCommand } from "./run-command.ts";

/** An answer with what was read in it by hand: of which kind it is, and whether it is right. */
interface Judged {
  readonly question_id: string;
  readonly response: string;
  readonly kind: string;
  readonly right: boolean;
}

const folder = mkdtempSync(join(tmpdir(), "r1sgg-vqa-set-"));
const built = join(folder, "questions");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const questions = () => readLines<Question & { image_path: string }>(built, "questions.jsonl");
const judged = readLines<Judged>("test/fixtures/vqa/answers.jsonl");

/** 119 drawn scenes have 200 relations. */
beforeAll(async () => {
  await synthesize({ count: 119, seed: 2, out: join(folder, "scenes") });
  const built = ["--dataset", join(folder, "scenes"), "--out", join(folder, "questions")];
  await runCommand(vqaCommand, "build", ...built, "--images");
}, 120_000);

async function pixelsOf(path: string) {
  const { data, info } = await sharp(path)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const isIn = ([x1, y1, x2, y2]: Box, x: number, y: number) =>
  x >= Math.floor(x1) && x < Math.ceil(x2) && y >= Math.floor(y1) && y < Math.ceil(y2);

describe("two hundred questions", () => {
  it("are asked in nine settings, each with its prompt and its image", async () => {
    const asked = questions();
    expect(asked.map(({ question_id }) => question_id)).toEqual(
      judged.map((one) => one.question_id),
    );
    expect(asked).toHaveLength(200);
    for (const { name, categories, boxes } of settings) {
      const lines = readLines<{ question_id: string; prompt: string; image: string }>(
        ...[built, `${name}.jsonl`],
      );
      expect(lines.map((one) => one.question_id)).toEqual(asked.map((one) => one.question_id));
      for (const [i, { prompt, image }] of lines.entries()) {
        const { subject, options, width, height } = asked[i]!;
        expect([prompt.includes(`"${subject.name}"`), prompt.includes("[x1, y1, x2, y2]")]).toEqual(
          [categories, boxes],
        );
        for (const option of options) expect(prompt).toContain(`) ${option}`);
        expect(await sharp(join(built, image)).metadata()).toMatchObject({ width, height });
      }
    }
  }, 120_000);

  it("have the two objects black and all else as it was, or noise everywhere", async () => {
    const masked = readLines<{ image: string }>(built, "mask-objects.jsonl");
    const noisy = readLines<{ image: string }>(built, "mask-image.jsonl");
    const sums = { noise: 0, count: 0 };
    for (const [i, { subject, object, image_path }] of questions().entries()) {
      const plain = await pixelsOf(join(built, image_path));
      const black = await pixelsOf(join(built, masked[i]!.image));
      const expected = Buffer.from(plain.data);
      for (let y = 0; y < plain.height; y += 1)
        for (let x = 0; x < plain.width; x += 1)
          if (isIn(subject.bbox, x, y) || isIn(object.bbox, x, y))
            expected.fill(0, (y * plain.width + x) * 3, (y * plain.width + x) * 3 + 3);
      expect(black.data.equals(expected), masked[i]!.image).toBe(true);
      const noise = await pixelsOf(join(built, noisy[i]!.image));
      sums.noise += noise.data.reduce((sum, value) => sum + value, 0);
      sums.count += noise.data.length;
    }
    expect(Math.abs(sums.noise / sums.count - 127.5)).toBeLessThan(0.2);
  }, 120_000);

  it("get the score that their answers were given by hand, kind by kind", async () => {
    const [score] = await scores(judged);
    const kinds = Object.fromEntries(
      [...Map.groupBy(judged, ({ kind }) => kind)].map(([kind, those]) => [kind, those.length]),
    );
    const right = judged.filter((one) => one.right).length;
    expect(score).toMatchObject({
      questions: 200,
      images: 119,
      correct: right,
      acc: right / 2,
      kinds,
    });
    const rightOf = new Map(judged.map((one) => [one.question_id, one.right]));
    const shares = [...Map.groupBy(questions(), ({ image_id }) => image_id).values()].map(
      (those) => those.filter((one) => rightOf.get(one.question_id)).length / those.length,
    );
    const mean = (100 * shares.reduce((sum, share) => sum + share, 0)) / shares.length;
    expect(score!.macc).toBeCloseTo(mean, 9);
    expect(Math.abs(score!.macc - score!.acc)).toBeGreaterThan(0.5); // they are two figures
  });

  it.each(["A", "B", "C", "D"])("are right in a quarter for who always says %s", async (letter) => {
    const [score] = await scores(judged.map((one) => ({ ...one, response: `${letter}.` })));
    expect(score!.kinds).toEqual({ letter: 200 });
    expect(score!.acc_interval[0]).toBeLessThan(25);
    expect(score!.acc_interval[1]).toBeGreaterThan(25);
    expect(score!.acc_interval[1] - score!.acc_interval[0]).toBeLessThan(13);
  });
});

/** What `vqa score` says of answers in the original setting. */
async function scores(answers: readonly Judged[]): Promise<readonly VqaRow[]> {
  const out = join(folder, "answers");
  mkdirSync(out, { recursive: true });
  const lines = answers.map(({ question_id, response }) =>
    JSON.stringify({ question_id, response }),
  );
  writeFileSync(join(out, "original.jsonl"), `${lines.join("\n")}\n`);
  const asked = ["--questions", built, "--predictions", out, "--out", join(folder, "scores.json")];
  await runCommand(vqaCommand, "score", ...asked);
  return JSON.parse(readFileSync(join(folder, "scores.json"), "utf8")).settings;
}
