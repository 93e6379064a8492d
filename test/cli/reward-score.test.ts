import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { createScorer } from "../../src/core/rewards/score.ts";
import { answerOf } from "../../src/data/answer.ts";
import { shipped } from "../../src/root.ts";
import { answer, scene } from "../core/rewards/scenes.ts";
import { rowsFile, temporaryFolder } from "../data/rows-file.ts";
import { r1sgg } from "./r1sgg.ts";

const { objects, relationships } = scene;
const good = answer(objects, relationships);
const line = { completion: good, target: scene, box_scale: [100, 100] };

/** A folder with a file of lines, and the command's words for it. */
async function files(lines: readonly unknown[]) {
  const folder = await temporaryFolder();
  const input = await rowsFile(folder, lines);
  const output = join(folder, "out", "scores.jsonl");
  const score = (...flags: readonly string[]) =>
    r1sgg("reward", "score", input, output, "--similarity", "exact", "--workers", "0", ...flags);
  const scores = async () =>
    (await readFile(output, "utf8"))
      .trimEnd()
      .split("\n")
      .map((one) => JSON.parse(one));
  return { folder, input, output, score, scores };
}

describe("r1sgg reward score", () => {
  it("writes rewards line for line, with the ids, and prints where", async () => {
    const { score, scores, output } = await files([
      { ...line, request_id: "first" },
      { ...line, completion: "sorry", target: { ...scene, image_id: "2" } },
      "",
      { ...line, completion: answer(objects, []) },
    ]);
    const { code, out, err } = await score();
    expect([code, out]).toEqual([0, `${output}\n`]);
    expect(await scores()).toEqual([
      {
        ...{ image_id: "1", request_id: "first" },
        rewards: { format_reward: 1, node_acc_reward: 2, node_box_reward: 2, edge_reward: 5 },
        ...{ total: 10, outcome: { parsed: true } },
      },
      {
        image_id: "2",
        rewards: { format_reward: 0, node_acc_reward: 0, node_box_reward: 0, edge_reward: 0 },
        total: 0,
        outcome: { parsed: false, reason: expect.stringContaining("not JSON") },
      },
      expect.objectContaining({ image_id: "1", total: 5 }),
    ]);
    const table = err
      .split("\n")
      .filter((one) => /reward|completions,/.test(one))
      .slice(-6);
    expect(table).toEqual([
      "reward             mean   least    most",
      "format_reward    0.6667  0.0000  1.0000",
      "node_acc_reward  1.3333  0.0000  2.0000",
      "node_box_reward  1.3333  0.0000  2.0000",
      "edge_reward      1.6667  0.0000  5.0000",
      expect.stringMatching(/^3 completions, \d+ a second: 2 read, 1 not read \(1 not_json\)$/),
    ]);
  });

  it("takes the predictions of infer as they are, with their dataset", async () => {
    const rows = [1, 2, 3]
      .map((id) => ({ ...scene, image_id: `${id}`, objects: objects.slice(0, id) }))
      .map((row) => ({
        ...row,
        relationships: row.relationships.slice(0, Math.max(0, row.objects.length - 1)),
      }));
    const predictions = rows.map((row) => ({
      ...{ image_id: row.image_id, response: answerOf(row, "objects"), box_scale: [1000, 1000] },
      gt_objects: row.objects,
    }));
    const { folder, score, scores } = await files(predictions.toReversed());
    await mkdir(join(folder, "data"));
    const dataset = await rowsFile(join(folder, "data"), rows);
    expect((await score("--dataset", dataset)).code).toBe(0);
    const scored = await scores();
    expect(scored.map((one) => one.image_id)).toEqual(["3", "2", "1"]);
    const direct = createScorer();
    for (const [i, row] of rows.toReversed().entries()) {
      const { rewards, outcome } = direct(answerOf(row, "objects"), row);
      expect(scored[i]).toMatchObject({ rewards, outcome });
    }
  });

  it("scores as its options say", async () => {
    const { score, scores } = await files([
      { ...line, completion: JSON.stringify({ objects, relationships }) },
    ]);
    const flags = ["--rewards", "format_reward,edge_hard_reward", "--lenient-format"];
    expect((await score(...flags, "--format-weight", "3", "--edge-weight", "2")).code).toBe(0);
    expect(await scores()).toMatchObject([
      { rewards: { format_reward: 1.5, edge_hard_reward: 2 }, total: 3.5 },
    ]);
    await score("--profile", "paper", "--node-weights", "1,0,0", "--solver", "munkres-js");
    expect(await scores()).toMatchObject([
      { rewards: { format_reward: 0.5, node_reward: 1, edge_reward: 1 }, total: 2.5 },
    ]);
    await score("--max-objects", "2");
    expect(await scores()).toMatchObject([
      { total: 0, outcome: { parsed: false, reason: "limit: 3 objects, at most 2" } },
    ]);
  });

  it("tells the first 20 faults and how many there are, exits 3 and writes nothing", async () => {
    const bad = Array.from({ length: 300 }, () => ({ completion: "x" }));
    const { folder, score } = await files([line, ...bad, line, "{", line]);
    const { code, out, err } = await score();
    expect([code, out]).toEqual([3, ""]);
    const lines = err.trimEnd().split("\n").slice(-22);
    expect(lines[0]).toMatch(/^r1sgg: Cannot score ".*rows\.jsonl": 301 faults, expected none$/);
    expect(lines[1]).toBe(
      "  line 2, target: nothing, expected a target, or an image_id and --dataset",
    );
    expect(lines.at(-2)).toMatch(/^ {2}line 21, /);
    expect(lines.at(-1)).toBe("  and 281 more");
    expect(await readdir(folder)).toEqual(["out", "rows.jsonl"]);
    expect(await readdir(join(folder, "out"))).toEqual([]);
  });

  it("leaves an older output alone when it fails, and takes its place when it does not", async () => {
    const { folder, output, score, input } = await files([line, "{"]);
    await mkdir(join(folder, "out"));
    await writeFile(output, "old\n");
    expect((await score()).code).toBe(3);
    expect(await readFile(output, "utf8")).toBe("old\n");
    await writeFile(input, `${JSON.stringify(line)}\n`);
    expect((await score()).code).toBe(0);
    expect(await readFile(output, "utf8")).toContain('"total":10');
  });

  it("refuses what it cannot read, write or give", async () => {
    const { folder, score, input } = await files([]);
    expect(await score()).toMatchObject({
      code: 3,
      err: expect.stringContaining("no lines, expected at least one"),
    });
    const run = (...args: readonly string[]) =>
      r1sgg("reward", "score", ...args, "--workers", "0", "--similarity", "exact");
    expect(await run("/no/such", join(folder, "x"))).toMatchObject({
      code: 3,
      err: 'r1sgg: Cannot read "/no/such": nothing there, expected a JSONL file\n',
    });
    await writeFile(input, JSON.stringify(line));
    expect(await run(input, join(input, "x"))).toMatchObject({
      code: 2,
      err: expect.stringContaining("Cannot write"),
    });
    expect(await score("--rewards", "edge_reward,node_reward")).toMatchObject({
      code: 2,
      err: expect.stringContaining(
        'Cannot give reward "node_reward": profile "release" has no such',
      ),
    });
    expect(await score("--box-scale", "1000")).toMatchObject({ code: 2 });
    expect(await score("--node-weights", "1,2")).toMatchObject({ code: 2 });
    for (const workers of ["0", "1"]) {
      const flags = ["--similarity", "nothing", "--workers", workers];
      expect(await score(...flags)).toMatchObject({
        code: 2,
        err: expect.stringContaining('Cannot use the similarity "nothing"'),
      });
    }
  });

  it("scores the same in threads, in the same order", async () => {
    const lines = Array.from({ length: 400 }, (_, i) => ({
      ...line,
      request_id: `${i}`,
      completion: answer(objects.slice(0, i % 4), []),
    }));
    const { score, output } = await files(lines);
    expect((await score()).code).toBe(0);
    const here = await readFile(output, "utf8");
    expect((await score("--workers", "2")).code).toBe(0);
    expect(await readFile(output, "utf8")).toBe(here);
  });

  it("exits 130 when interrupted, and leaves nothing", async () => {
    const { folder, input, output } = await files([]);
    await writeFile(input, `${JSON.stringify(line)}\n`.repeat(300_000));
    const child = execa(
      process.execPath,
      [shipped("src/cli/main.ts"), "reward", "score", input, output, "--similarity", "exact"],
      { reject: false },
    );
    const begun = async () => (await readdir(join(folder, "out")).catch(() => [])).length > 0;
    let ended = false;
    void child.finally(() => {
      ended = true;
    });
    while (!ended && !(await begun())) await wait(5);
    child.kill("SIGINT");
    const { exitCode, stderr } = await child;
    expect(exitCode).toBe(130);
    expect(stderr).toContain("was interrupted by SIGINT: nothing written");
    expect(await readdir(join(folder, "out"))).toEqual([]);
  });
});
