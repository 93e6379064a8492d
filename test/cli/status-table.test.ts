import { describe, expect, it } from "vitest";
import { frame, outputScreen } from "../../src/cli/screen.ts";
import { toTable } from "../../src/cli/status-table.ts";
import type { Observed } from "../../src/launch/observe.ts";

const run = (id: string, fields: Partial<Observed> = {}): Observed => ({
  ...{ id, folder: `/runs/${id}`, state: "running", stage: "grpo", pid: 7, machine: "login" },
  ...{ started: "2026-11-25T20:00:00.000Z", ended: undefined, reason: undefined, roles: [] },
  progress: {
    ...{ step: 233, of: 1757, loss: 0.1, reward: 1.2345, secondsPerStep: 24.6 },
    ...{ secondsLeft: 37_440, at: "2026-11-25T21:00:00.000Z" },
  },
  slurm: { job: "122_0", cluster: "alps", attempt: 0, known: undefined },
  ...fields,
});
const reason =
  'Cannot go on without role "trainer": it was killed by signal 9 on nid001234, expected exit code 0';
const all = [
  run("r1-sgg-2b-vg150-open-1b3da62f"),
  run("infer-r1-sgg-2b-vg150-open-on-vg150-d1742b82", { state: "failed", reason }),
];
const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

describe("runs as a table", () => {
  it("stand on a line each where there is room, or nobody looks", () => {
    const lines = toTable(all).split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(
      /^RUN +STATE +STAGE +STEP +SPEED +REWARD +LEFT +WHERE +STARTED +ENDED/,
    );
    expect(lines[2]).toContain(reason);
    expect(toTable(all, 400)).toBe(toTable(all));
  });

  it.each([
    [120, /^RUN +STATE +STAGE +STEP +SPEED +REWARD +LEFT +WHERE$/],
    [80, /^RUN +STATE +STEP +LEFT$/],
  ])("give up columns and no reason to fit %i columns", (columns, head) => {
    const text = toTable(all, columns);
    expect(widest(text)).toBeLessThanOrEqual(columns);
    expect(text.split("\n")[0]).toMatch(head);
    expect(text.replaceAll(/\n {2}| {2,}/g, " ")).toContain(reason);
    expect(text).toContain("10 h 24 min");
  });

  it("keep their ids and states on whatever is narrower still", () => {
    expect(toTable(all, 20).split("\n")[0]).toMatch(/^RUN +STATE +STEP$/);
  });
});

describe("a frame", () => {
  const text = `HEAD\n${Array.from({ length: 30 }, (_, i) => `line ${i} ${"x".repeat(50)}\n`).join("")}`;

  it("never scrolls, and clears what stood there before", () => {
    const drawn = frame(text, "title", { columns: 40, rows: 12 });
    const lines = drawn.split("\n");
    const begin = ["\x1b[Htitle\x1b[K", "HEAD\x1b[K", "… 22 lines more\x1b[K", "line 22 "];
    expect(drawn.startsWith(begin.join("\n"))).toBe(true);
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe("\x1b[J");
    expect(lines.slice(0, -1).every((line) => line.endsWith("\x1b[K"))).toBe(true);
    expect(lines[4]!.replace("\x1b[K", "")).toHaveLength(40);
  });

  it("shows all where there is room", () => {
    const drawn = frame("HEAD\na\nb\n", "title", { columns: 40, rows: 5 });
    expect(drawn).toBe("\x1b[Htitle\x1b[K\nHEAD\x1b[K\na\x1b[K\nb\x1b[K\n\x1b[J");
  });

  it.each([
    ["a terminal", { isTTY: true, columns: 100, rows: 30 }, "xterm", { columns: 100, rows: 30 }],
    ["a dumb one", { isTTY: true, columns: 100, rows: 30 }, "dumb", undefined],
    ["a pipe", {}, "xterm", undefined],
  ])("is for %s or not", (_, stdout, TERM, expected) => {
    expect(outputScreen({ stdout, env: { TERM } } as never)).toEqual(expected);
  });
});
