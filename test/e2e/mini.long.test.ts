import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { shipped } from "../../src/root.ts";
import { requires } from "../helpers/requires.ts";
import { r1sgg, readJson } from "./smoke-process.ts";

/** Six hours: the miniature takes less than one on two idle cores, and this is no test of speed. */
const limit = 6 * 3_600_000;

/** Where runs are kept, to be looked at, or to go on with those of a study that was begun. */
const kept = process.env.R1SGG_MINI_RUNS;

interface Table {
  readonly rows: readonly {
    readonly row: { readonly id: string };
    readonly lines: readonly {
      readonly cells: readonly {
        readonly column: string;
        readonly measured: { readonly mean: number } | null;
      }[];
    }[];
  }[];
}

requires("python").describe("the paper in miniature, one seed", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "r1sgg mini "));
    const studies = ["_mini-table.yaml", "_mini-curves.yaml"].map((name) =>
      shipped(`recipes/studies/${name}`),
    );
    const study = { kind: "group", name: "mini-one", title: "One seed", seeds: [0], studies };
    writeFileSync(join(folder, "mini-one.yaml"), JSON.stringify(study));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    "shows the paper's finding: SFT fails, RL mends it, and neither more SFT nor shuffled rewards do",
    async ({ task }) => {
      const study = join(folder, "mini-one.yaml");
      const runs = ["--runs", resolve(kept ?? join(folder, "runs"))];
      const launched = await r1sgg("launch", study, "--on", "local", ...runs);
      expect(launched.exitCode, launched.all).toBe(0);
      const out = join(folder, "report");
      const reported = await r1sgg("report", study, ...runs, "--out", out);
      expect(reported.exitCode, reported.all).toBe(0);
      for (const file of ["index.html", "mini-curves.svg"])
        expect(existsSync(join(out, file)), file).toBe(true);
      const found = Object.fromEntries(
        readJson<Table>(out, "mini-table.json").rows.map(({ row, lines }) => [
          row.id,
          Object.fromEntries(lines[0]!.cells.map((cell) => [cell.column, cell.measured!.mean])),
        ]),
      );
      task.meta.figures = found;
      const figure = (row: string, column: string): number => found[row]![column]!;
      const failures = (row: string) => figure(row, "failure_rate");
      expect(failures("sft") - failures("sft-rl")).toBeGreaterThanOrEqual(40);
      expect(figure("sft-rl", "ap50")).toBeGreaterThanOrEqual(1.5 * figure("sft", "ap50"));
      expect(figure("sft-rl", "recall_20")).toBeGreaterThan(figure("sft", "recall_20"));
      // Shuffled rewards are a walk at random, which may also lead to fewer failures: hence half of RL's gain, and not 0.
      for (const control of ["more-sft", "shuffled-rl"])
        for (const column of ["failure_rate", "ap50", "recall_20"]) {
          const gain = (row: string) => figure(row, column) - figure("sft", column);
          expect(gain(control) / gain("sft-rl"), `${control}, ${column}`).toBeLessThan(0.5);
        }
    },
    limit,
  );
});
