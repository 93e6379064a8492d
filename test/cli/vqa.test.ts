import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { vqaCommand } from "../../src/cli/vqa.ts";
import type { Question } from "../../src/core/vqa/question.ts";
import { synthesize } from "../../src/data/synthesize.ts";
import { runCommand } from "./run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "r1sgg-vqa-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const scenes = join(folder, "scenes");
const vqa = (...args: readonly string[]) => runCommand(vqaCommand, ...args);
const build = (out: string, ...more: readonly string[]) =>
  vqa("build", "--dataset", scenes, "--out", join(folder, out), ...more);
const questionsIn = (out: string): readonly Question[] =>
  readFileSync(join(folder, out, "questions.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Question);

beforeAll(async () => {
  await synthesize({ count: 40, seed: 5, out: scenes });
  await build("q");
});

describe("r1sgg vqa build", () => {
  it("makes a question for each relation and says what it made", async () => {
    const relations = readFileSync(join(scenes, "scenes.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { relationships: unknown[] }).relationships.length)
      .reduce((sum, count) => sum + count, 0);
    expect(questionsIn("q").length).toBe(relations);
    const facts = JSON.parse(readFileSync(join(folder, "q", "vqa.json"), "utf8"));
    expect(facts).toMatchObject({ prompt: "vqa-1", seed: 0, predicates: 50, images: 40 });
    expect(facts.questions).toBe(relations);
  });

  it("makes the same again, and asks the same about fewer images", async () => {
    await build("again");
    expect(questionsIn("again")).toEqual(questionsIn("q"));
    await build("few", "--limit", "3");
    const few = questionsIn("few");
    expect(few).toEqual(questionsIn("q").slice(0, few.length));
    expect(new Set(few.map(({ image_id }) => image_id)).size).toBe(3);
  });

  it("writes prompts and images of all nine settings for programs that read files", async () => {
    await build("files", "--limit", "2", "--images");
    const names = readdirSync(join(folder, "files")).filter((name) => name.includes("jsonl"));
    expect(names.length).toBe(10); // nine settings, and the questions
    const [line] = readFileSync(join(folder, "files", "no-boxes+mask-objects.jsonl"), "utf8").split(
      "\n",
    );
    const { prompt, image } = JSON.parse(line!) as { prompt: string; image: string };
    expect(prompt).not.toContain("[");
    expect(readFileSync(join(folder, "files", image)).length).toBeGreaterThan(100);
  });

  it("leaves a folder with something in it alone, and nothing behind a fault", async () => {
    const { error } = await build("q");
    expect(String(error)).toMatch(/Cannot write ".*q": it holds 2 files, expected a new or empty/);
    const list = join(folder, "two.json");
    writeFileSync(list, JSON.stringify({ objects: ["cat"], predicates: ["on", "near"] }));
    const few = await build("none", "--classes", list);
    expect(String(few.error)).toMatch(/wrong predicates to draw from, expected at least 3/);
    expect(readdirSync(folder).filter((name) => name.includes("none"))).toEqual([]);
  });
});

describe("r1sgg vqa score", () => {
  const score = (...more: readonly string[]) =>
    vqa("score", "--questions", join(folder, "q"), "--predictions", join(folder, "p"), ...more);
  const answer = (setting: string, response: (question: Question) => string) =>
    writeFileSync(
      join(folder, "p", `${setting}.jsonl`),
      questionsIn("q")
        .map(
          (one) => `${JSON.stringify({ question_id: one.question_id, response: response(one) })}\n`,
        )
        .join(""),
    );

  it("scores each setting that was answered, with differences to the original", async () => {
    mkdirSync(join(folder, "p"));
    answer("original", ({ answer: right, options }) => `${"ABCD"[right]}) ${options[right]}`);
    answer("mask-image", () => "I'm sorry, I cannot see them.");
    answer("no-boxes", () => "A");
    const { stdout } = await score("--out", join(folder, "scores.json"));
    expect(stdout).toMatch(/org\. img\. +100\.00/);
    expect(stdout).toMatch(/mask img\. +0\.00 +-100\.00/);
    expect(stdout).toMatch(/wo box\. /);
    expect(stdout).not.toMatch(/wo cats/);
    const { settings } = JSON.parse(readFileSync(join(folder, "scores.json"), "utf8"));
    const [original, masked, alwaysA] = settings;
    expect([original.acc, original.macc, masked.acc]).toEqual([100, 100, 0]);
    expect(masked.kinds).toEqual({ refusal: original.questions });
    expect(alwaysA.acc_interval[0]).toBeLessThan(25);
    expect(alwaysA.acc_interval[1]).toBeGreaterThan(25);
  });

  it("says what is wrong with answers", async () => {
    const path = join(folder, "p", "no-categories.jsonl");
    writeFileSync(path, '{"question_id":"nowhere-0","response":"A"}\n{"question_id":1}\n');
    const { error } = await score();
    expect(String(error)).toMatch(
      /2 faults, expected none\n {2}line 1: "nowhere-0" is no question/,
    );
  });

  it("says when there is nothing to score", async () => {
    const { error } = await vqa("score", "--questions", join(folder, "q"), "--predictions", folder);
    expect(String(error)).toMatch(/no answers there, expected original\.jsonl/);
    const none = await vqa("score", "--questions", folder, "--predictions", folder);
    expect(String(none.error)).toMatch(
      /no such file, expected a folder that "r1sgg vqa build" made/,
    );
  });
});
