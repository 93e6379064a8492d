import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** A folder may import its own files, the files directly under src, and the folders named here. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  recipe: ["core"],
  plan: ["core", "recipe"],
  data: ["core"],
  reward: ["core", "data", "similarity"],
  infer: ["core", "data"],
  similarity: ["core", "infer"],
  report: ["core", "recipe"],
  launch: ["core", "recipe", "plan", "data", "infer", "similarity", "report"],
  cli: ["core", "recipe", "plan", "launch", "data", "reward", "infer", "similarity", "report"],
};

/** Same in, same out: no file, process, network or clock. */
const pure = /^(core|plan|report)\/|^recipe\/schema\.ts$/;
const effectModule =
  /^(node:(?!path|url|util|crypto)|execa|dockerode|fastify|commander|proper-lockfile)/;
const effectCall =
  /\b(process\.|console\.|fetch\(|Math\.random|random(?:UUID|Bytes|Int)\(|Date\.now|performance\.|new Date\(\)|setTimeout\(|import\()/;

/** Of the files directly under src, the only one that does nothing. */
const pureRoot = "errors.ts";

const src = new URL("../src/", import.meta.url);
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

interface Import {
  readonly line: string;
  readonly from: string;
  readonly isType: boolean;
}

const importsOf = (text: string): readonly Import[] =>
  [
    ...text.matchAll(/^(?:import|export) (type )?[^;]*?from "(.+?)";/gm),
    ...text.matchAll(/\bimport(\()"(.+?)"\)/g),
    ...text.matchAll(/^import()"(.+?)";/gm),
  ].map(([line, kind, from = ""]) => ({ line, from, isType: kind === "type " }));

it("finds the source files", () => {
  expect(files).toEqual(expect.arrayContaining(["errors.ts", "core/graph/scene-graph.ts"]));
});

const readSource = (file: string): string => readFileSync(new URL(file, src), "utf8");

it.each(files)("src/%s imports only what its layer may", (file) => {
  const [layer = ""] = file.split("/");
  for (const { line, from } of importsOf(readSource(file))) {
    if (!from.startsWith(".")) continue;
    const path = new URL(from, `file:///${file}`).pathname.slice(1);
    const target = path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
    if (!file.includes("/")) expect(target, line).toBe("");
    else if (target === "") expect(pure.test(file) ? pureRoot : path, line).toBe(path);
    else if (target !== layer) expect(allowed[layer] ?? [], line).toContain(target);
  }
});

it.each(files.filter((file) => pure.test(file)))(
  "src/%s knows no file, process, network or clock",
  (file) => {
    const text = readSource(file);
    expect(text).not.toMatch(effectCall);
    for (const { line, from, isType } of importsOf(text)) {
      if (!isType) expect(from, line).not.toMatch(effectModule);
    }
  },
);

it.each(files.filter((file) => /^(core|plan)\//.test(file)))(
  "src/%s says of each export what it is",
  (file) => {
    const bare = /(?<!\*\/\n)^export (?:async )?(?:const|function|interface|type) \w+/gm;
    expect(readSource(file).match(bare) ?? []).toEqual([]);
  },
);

it.each(files)("src/%s fits a few screens, without default export, enum or any", (file) => {
  const text = readSource(file);
  expect(text.split("\n").length).toBeLessThanOrEqual(201); // 200 lines and the last line's end
  expect(text).not.toMatch(/^export default|^(export )?(const )?enum |(: |<|as )any\b/m);
});

it("covers every folder", () => {
  const folders = new Set(
    files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]),
  );
  expect(Object.keys(allowed)).toEqual(expect.arrayContaining([...folders]));
});
