import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { loadStudies, loadStudy } from "../../src/recipe/load-study.ts";
import { type Study, type StudyGroup, type StudyOf, studyRuns } from "../../src/recipe/study.ts";
import { paperTable, paperTables } from "../../src/report/paper/tables.ts";
import { shipped } from "../../src/root.ts";
import { paperRecipePaths } from "./paper-recipes.ts";

const names = readdirSync(shipped("recipes/studies")).filter((file) => /^[^_].*\.yaml$/.test(file));
let groups: readonly StudyGroup[] = [];
/** The paper's. */
let studies: readonly Study[] = [];
beforeAll(async () => {
  groups = await Promise.all(names.map((name) => loadStudies(shipped(`recipes/studies/${name}`))));
  studies = groups.flatMap(({ studies: [one, ...more] }) => (more.length === 0 ? one! : []));
});

/** A table of the paper. */
type PaperStudy = StudyOf<"table"> & { readonly paper: string };
const tables = () => studies.filter((study): study is PaperStudy => study.kind === "table");

/** Every cell of a table that a study speaks of, as "row, column", as often as it does. */
const cellsOf = ({ paper, fills }: PaperStudy): readonly string[] => {
  const { rows, columns } = paperTable(paper);
  return fills.flatMap(({ row, part, variant }) =>
    rows
      .filter(({ id }) => row === undefined || id === row)
      .flatMap(({ id }) =>
        columns
          .filter((column) => part === undefined || column.id.startsWith(`${part}/`))
          .map((column) => `${id}, ${column.id}${variant === undefined ? "" : ` (${variant})`}`),
      ),
  );
};

describe("the studies", () => {
  it("are the paper's tables and figures, by the names of their files", () => {
    expect(groups.map(({ name }) => `${name}.yaml`)).toEqual(names);
    expect(
      tables()
        .map(({ paper }) => paper)
        .sort(),
    ).toEqual(paperTables.map(({ id }) => id).sort());
  });

  it("are all in the group that is the whole paper", () => {
    const paper = groups.find(({ name }) => name === "paper");
    expect(paper!.studies.map(({ name }) => name).sort()).toEqual(
      studies.map(({ name }) => name).sort(),
    );
  });

  it("speak of every cell of the paper, and of none twice without a variant", () => {
    for (const study of tables()) {
      const spoken = cellsOf(study);
      expect(new Set(spoken).size, study.name).toBe(spoken.length);
      const { rows, columns } = paperTable(study.paper);
      const printed = rows.flatMap(({ id }) => columns.map((column) => `${id}, ${column.id}`));
      const plain = new Set(spoken.map((cell) => cell.replace(/ \(.*\)$/, "")));
      expect([...plain].sort(), study.name).toEqual(printed.sort());
    }
  });

  it("name rows and parts that the paper's table has, and read every column", () => {
    for (const { name, paper, fills, reads } of tables()) {
      const { rows, columns } = paperTable(paper);
      for (const fill of fills) {
        if (fill.row)
          expect(
            rows.map(({ id }) => id),
            name,
          ).toContain(fill.row);
        if (fill.part)
          expect(
            columns.map(({ id }) => id.split("/")[0]),
            name,
          ).toContain(fill.part);
      }
      expect(Object.keys(reads).sort(), name).toEqual(
        [...new Set(columns.map(({ id }) => id.split("/").at(-1)!))].sort(),
      );
    }
  });

  it("name recipes that are there, of a stage that measures", () => {
    const paths = new Set(paperRecipePaths().map((path) => shipped(`recipes/paper/${path}`)));
    for (const study of studies)
      for (const run of studyRuns(study)) {
        expect(existsSync(run), `${run} of ${study.name}`).toBe(true);
        expect(paths, study.name).toContain(run);
        expect(run).toMatch(/\/(eval|vqa)\//);
      }
  });

  it("leave no evaluation of the paper's recipes unused but those the paper does not print", () => {
    const used = new Set(studies.flatMap(studyRuns));
    const unused = paperRecipePaths().filter(
      (path) => /^(eval|vqa)\//.test(path) && !used.has(shipped(`recipes/paper/${path}`)),
    );
    expect(unused).toEqual([
      ...["eval/baseline-2b-open-on-psg.yaml"],
      ...["eval/r1-sgg-2b-psg-open-on-psg.yaml", "eval/r1-sgg-zero-2b-psg-open-on-psg.yaml"],
      ...["eval/r1-sgg-zero-2b-vg150-open-on-vg150.yaml", "eval/sft-2b-psg-open-on-psg.yaml"],
    ]);
  });

  it("are listed in docs/studies.md with their kinds", () => {
    const listed = readFileSync(shipped("docs/studies.md"), "utf8").matchAll(
      /^\| `(.+?)` \|.*\| (\w+) \|$/gm,
    );
    const told = Array.from(listed, ([, name, kind]) => `${name} ${kind}`);
    const kindOf = ({ name, studies: [first, ...more] }: StudyGroup) =>
      `${name} ${more.length > 0 ? "group" : first!.kind}`;
    expect(told.sort()).toEqual(groups.map(kindOf).sort());
  });

  it("draw nine panels for Figure 2 of the first version", () => {
    const figure = studies.find(({ name }) => name === "figure2") as StudyOf<"curves">;
    expect(figure.rows.length * figure.metrics.length).toBe(9);
    expect(figure.rows.map((row) => row.series.length)).toEqual([2, 4, 4]);
  });
});

describe("loadStudy", () => {
  const write = async (text: string) => {
    const folder = await mkdtemp(join(tmpdir(), "r1sgg-study-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, "study.yaml"), text);
    return join(folder, "study.yaml");
  };
  const table = "kind: table\nname: t\ntitle: T\npaper: table4\nreads: { ap50: ap50 }\n";

  it("says what is wrong with a fill", async () => {
    const path = await write(`${table}fills:\n  - { row: hard }\n  - { row: soft, rum: a.yaml }\n`);
    const error = await loadStudy(path).catch((cause: Error) => cause.message);
    expect(error).toMatch(/study\.yaml:7: fills\.0: found .*, expected one of run and not_run/);
    expect(error).toMatch(/study\.yaml:8: fills\.1\.rum: unknown, expected "run"/);
  });

  it("takes the paths of runs from where they stand", async () => {
    const path = await write(`${table}fills: [{ row: hard, run: ../a.yaml }]\n`);
    expect(studyRuns(await loadStudy(path))).toEqual([join(path, "../../a.yaml")]);
  });

  it("reads a group, its seeds those of the studies that have none", async () => {
    const own = await write(`${table}seeds: [7]\nfills: [{ row: hard, run: a.yaml }]\n`);
    const none = await write(`${table}fills: [{ row: hard, run: b.yaml }]\n`);
    const path = await write(
      `kind: group\nname: g\ntitle: G\nseeds: [0, 1]\nstudies: [${own}, ${none}]\n`,
    );
    const group = await loadStudies(path);
    expect(group.studies.map(({ seeds }) => seeds)).toEqual([[7], [0, 1]]);
    expect(group.studies.flatMap(studyRuns)).toEqual([
      join(own, "../a.yaml"),
      join(none, "../b.yaml"),
    ]);
    const nested = await write(`kind: group\nname: g\ntitle: G\nstudies: [${path}]\n`);
    await expect(loadStudies(nested)).rejects.toThrow(/: a group, expected a table or a figure/);
  });

  it("takes a table of the paper or one of its own, not both and not none", async () => {
    const own =
      "table: { labels: [M], columns: [{ id: a, head: A }], rows: [{ id: r, labels: [r] }] }\n";
    const fills = "fills: [{ run: a.yaml }]\n";
    await expect(loadStudy(await write(`${table}${own}${fills}`))).rejects.toThrow(
      /expected one of paper and table/,
    );
    const alone = table.replace("paper: table4\n", own).replace("ap50: ap50", "a: ap50");
    const typo = "fills: [{ row: rr, run: a.yaml }]\n";
    await expect(loadStudy(await write(`${alone}${typo}`))).rejects.toThrow(
      /fills\.0\.row: found "rr", expected r/,
    );
    const unread = alone.replace("a: ap50", "b: ap50");
    await expect(loadStudy(await write(`${unread}${fills}`))).rejects.toThrow(
      /table\.columns\.0\.id: .*expected reads to have a/,
    );
    expect(await loadStudy(await write(`${alone}${fills}`))).toMatchObject({ kind: "table" });
  });

  it("has a tolerance of half a point or a twentieth, unless it is set", async () => {
    const path = await write(
      `${table}tolerance: { points: 1 }\nfills: [{ row: hard, run: a.yaml }]\n`,
    );
    expect(await loadStudy(path)).toMatchObject({ tolerance: { points: 1, share: 0.05 } });
  });
});
