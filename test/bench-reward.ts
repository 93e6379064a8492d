/**
 * `npm run bench:reward`: how long the default rewards take, here and in Python.
 *
 * The same completions through the scorer, in this process, and through test/oracle/bench.py, in
 * one of its own: spaCy and SciPy, documents kept, the match of a completion found once for its
 * three rewards, as in the reference. Both are warm and take turns, so that a busy machine slows
 * them alike. Another Python keeps the similarity of each pair too, which the reference does not.
 */
import { createInterface } from "node:readline";
import { execa } from "execa";
import { createScorer, type Scorer } from "../src/core/rewards/score.ts";
import { shipped } from "../src/root.ts";
import { nativeSimilarity } from "../src/similarity/providers.ts";
import { ensureOracle } from "./helpers/oracle.ts";
import { toAscii } from "./helpers/python.ts";
import type { RewardCase } from "./helpers/reward-cases/cases.ts";
import { type Workload, workloads } from "./helpers/reward-cases/workloads.ts";

const rounds = 9;
const starts = 5;
/** A turn goes on for so long, as it does in Python. */
const leastMs = 300;
const names = Object.keys(workloads) as readonly Workload[];
const python = await ensureOracle();

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const toRequest = ({ completion, target, task, boxScale }: RewardCase) => ({
  ...{ completion, target, task },
  box_scale: boxScale,
});

/** Milliseconds that one completion takes. */
type Timer = (workload: Workload) => Promise<number>;

async function startPython(...flags: readonly string[]): Promise<{ time: Timer; end: () => void }> {
  const process = execa(python, [shipped("test/oracle/bench.py"), ...flags], {
    env: { PYTHONHOME: "", OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
    buffer: { stdout: false },
  });
  const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  const requests = Object.fromEntries(names.map((name) => [name, workloads[name].map(toRequest)]));
  process.stdin.write(`${toAscii(requests)}\n`);
  return {
    end: () => process.stdin.end(),
    time: async (workload) => {
      process.stdin.write(`${toAscii(workload)}\n`);
      return Number((await lines.next()).value);
    },
  };
}

const timerOf =
  (score: Scorer): Timer =>
  async (workload) => {
    const started = performance.now();
    for (let passes = 0; ; passes += 1) {
      const taken = performance.now() - started;
      if (taken >= leastMs) return taken / (passes * workloads[workload].length);
      for (const one of workloads[workload]) score(one.completion, one.target, one);
    }
  };

/** Milliseconds from the start of a process to its end, in which it scores one completion. */
async function firstScore(file: string, args: readonly string[], input: string): Promise<number> {
  const started = performance.now();
  await execa(file, args, { input, stdout: "ignore", env: { PYTHONHOME: "" } });
  return performance.now() - started;
}

const faithful = await startPython();
const keeping = await startPython("--keep-pairs");
const { similarity } = await nativeSimilarity();
const timers = {
  python: faithful.time,
  keeping: keeping.time,
  ours: timerOf(createScorer({ similarity })),
} as const;

console.log(
  "| workload | Python, ms | with pairs kept, ms | TypeScript, ms | ratio | ratio, pairs kept |",
);
console.log("|---|---|---|---|---|---|");
for (const workload of names) {
  const found = { python: [] as number[], keeping: [] as number[], ours: [] as number[] };
  for (let round = -2; round < rounds; round += 1) {
    for (const [who, time] of Object.entries(timers)) {
      const taken = await time(workload);
      if (round >= 0) found[who as keyof typeof found].push(taken); // the first two only warm
    }
  }
  const [a, b, c] = [found.python, found.keeping, found.ours].map(median) as [
    number,
    number,
    number,
  ];
  console.log(
    `| ${workload} | ${a.toFixed(3)} | ${b.toFixed(3)} | ${c.toFixed(4)} | ${(a / c).toFixed(1)} | ${(b / c).toFixed(1)} |`,
  );
}
faithful.end();
keeping.end();

const one = workloads.typical[0]!;
const line = `${toAscii([{ ...toRequest(one), profiles: ["release"] }])}\n`;
const ours = `
import { createScorer } from ${JSON.stringify(shipped("src/core/rewards/score.ts"))};
import { nativeSimilarity } from ${JSON.stringify(shipped("src/similarity/providers.ts"))};
const { similarity } = await nativeSimilarity();
const one = ${JSON.stringify(one)};
console.log(createScorer({ similarity })(one.completion, one.target, one).rewards);
`;
const cold = { python: [] as number[], ours: [] as number[] };
for (let start = 0; start < starts; start += 1) {
  cold.python.push(await firstScore(python, [shipped("test/oracle/rewards.py")], line));
  cold.ours.push(
    await firstScore(process.execPath, ["--input-type=module-typescript", "--eval", ours], ""),
  );
}
console.log(
  `\nFrom nothing to the first score: Python ${median(cold.python).toFixed(0)} ms, TypeScript ` +
    `${median(cold.ours).toFixed(0)} ms, medians of ${starts}. Rounds above: ${rounds}.`,
);
