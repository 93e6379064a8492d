/**
 * All checks, in one go: `npm test`. Arguments go to Vitest, which then runs alone.
 *
 * What the machine cannot do is skipped and said; what `R1SGG_REQUIRE` names must not be skipped.
 * The last line has the counts; a lint, format or type check counts as one.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { arch, availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { SggError } from "../src/errors.ts";
import { codeText } from "../src/launch/code-text.ts";
import { ensurePythonEnv, ensurePythonTools, type PythonEnv } from "../src/launch/python-env.ts";
import { shipped } from "../src/root.ts";
import { ensureDeepspeed } from "./helpers/deepspeed.ts";
import { ensureOracle } from "./helpers/oracle.ts";
import { countJunit, countVitest, reasonOf } from "./run/counts.ts";
import { longRecord, type RecordFacts } from "./run/record.ts";
import { runStep, type Step, type StepEnd } from "./run/step.ts";

const long = process.argv[2] === "--long";
const vitestArgs = process.argv.slice(long ? 3 : 2);
const reports = await mkdtemp(join(tmpdir(), "r1sgg-test-"));
process.chdir(shipped("."));
if (long) process.env.R1SGG_TEST_LONG = "1";

const colours = process.stdout.isTTY ? "force" : "off";
const lint: readonly Step[] = [
  { name: "biome", argv: ["biome", "ci", `--colors=${colours}`, "."] },
  { name: "tsc", argv: ["tsc", "-p", "."] },
];

const vitestStep = (name: string, args: readonly string[]): Step => ({
  name,
  argv: [
    ...(["vitest", "run", "--reporter=default", "--reporter=json"] as const),
    `--outputFile.json=${join(reports, `${name}.json`)}`,
    ...args,
  ],
  report: { path: join(reports, `${name}.json`), count: countVitest },
});

// Real runs take the whole machine for minutes: they come one after the other, after all else.
const vitest = vitestStep("vitest", ["--exclude", "test/e2e/**"]);
const endToEnd = vitestStep("end-to-end", ["test/e2e", "--no-file-parallelism"]);

interface Beside {
  readonly tools: string;
  readonly deepspeed: string;
}

const pythonSteps = ({ python, env }: PythonEnv, { tools, deepspeed }: Beside) => {
  const inWorker = {
    cwd: shipped("containers/worker"),
    env: { ...env, PYTHONPATH: [tools, env.PYTHONPATH].join(":") },
  };
  const inOracle = { ...inWorker, cwd: shipped("test/oracle") };
  const module = (...args: string[]) => [python, "-m", ...args] as const;
  const sources = ["--config", "pyproject.toml", ".", shipped("src/similarity")];
  const pytest = (name: string, ...args: string[]): Step => {
    const path = join(reports, `${name}.xml`);
    const argv = module("pytest", "-q", "-rs", `--junitxml=${path}`, ...args);
    return { name, argv, ...inWorker, report: { path, count: countJunit } };
  };
  const withDeepspeed = { PYTHONPATH: [deepspeed, inWorker.env.PYTHONPATH].join(":") };
  return {
    lint: [
      { name: "ruff check", argv: module("ruff", "check", ...sources), ...inWorker },
      { name: "ruff format", argv: module("ruff", "format", "--check", ...sources), ...inWorker },
      { name: "mypy", argv: module("mypy"), ...inWorker },
      { name: "ruff check of the oracle", argv: module("ruff", "check", "."), ...inOracle },
      {
        name: "ruff format of the oracle",
        argv: module("ruff", "format", "--check", "."),
        ...inOracle,
      },
      { name: "mypy of the oracle", argv: module("mypy", "--strict", "."), ...inOracle },
    ],
    test: [
      pytest("pytest", "-m", long ? "not deepspeed" : "not deepspeed and not long"),
      {
        ...pytest("pytest-deepspeed", "tests/test_deepspeed.py"),
        env: { ...inWorker.env, ...withDeepspeed },
      },
    ],
  } as const satisfies { lint: readonly Step[]; test: readonly Step[] };
};

/** The environment that the Python checks need, or why there is none. */
async function preparePython(): Promise<ReturnType<typeof pythonSteps> | string> {
  const say = (text: string): void => console.log(text);
  try {
    const environment = await ensurePythonEnv({ device: "cpu", say });
    const tools = await ensurePythonTools({ say });
    const deepspeed = await ensureDeepspeed(say);
    await ensureOracle(say);
    return pythonSteps(environment, { tools, deepspeed });
  } catch (cause) {
    if (!(cause instanceof SggError)) throw cause;
    return cause.message;
  }
}

async function runAll(): Promise<readonly StepEnd[]> {
  if (vitestArgs.length > 0) return [await runStep(vitestStep("vitest", vitestArgs))];
  const all: StepEnd[] = [];
  for (const step of lint) all.push(await runStep(step));
  console.log("\n── python environment");
  const python = await preparePython();
  if (typeof python === "string") {
    const required = (process.env.R1SGG_REQUIRE ?? "").split(",").includes("python");
    console.log(`── ${required ? "FAILED" : "SKIPPED"}: ${python}`);
    const skipped = [`ruff, mypy and pytest [python: ${python}]`];
    all.push({ name: "python", seconds: 0, passed: 0, failed: required ? 1 : 0, skipped });
  } else for (const step of python.lint) all.push(await runStep(step));
  all.push(await runStep(vitest));
  if (typeof python !== "string") for (const step of python.test) all.push(await runStep(step));
  all.push(await runStep(endToEnd));
  return all;
}

async function facts(): Promise<RecordFacts> {
  const cores = `${availableParallelism()} cores`;
  const machine = `${cores}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${cpus()[0]?.model ?? arch()}`;
  const words = ["npm run test:long", ...vitestArgs];
  return { startedAt, code: await codeText(), machine, command: words.join(" ") };
}

const startedAt = new Date().toISOString();
const all = await runAll();
await rm(reports, { recursive: true });
const skipped = all.flatMap((counts) => counts.skipped);
if (skipped.length > 0) console.log(`\nSKIPPED:`);
for (const [reason, tests] of Map.groupBy(skipped, reasonOf)) {
  console.log(`  ${tests.length} × ${reason}`);
}
if (long) console.log(`\nFor docs/long-test.md:\n\n${longRecord(await facts(), all)}`);
const sum = (of: (step: StepEnd) => number): number => all.reduce((n, one) => n + of(one), 0);
const failed = sum((counts) => counts.failed);
console.log(`\n${sum((counts) => counts.passed)} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
