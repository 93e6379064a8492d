/**
 * `npm run bench:reward`: how long the default rewards take, here and in Python.
 *
 * The same completions through the scorer, in this process, and through test/oracle/bench.py, in
 * one of its own: spaCy and SciPy, documents kept, the match of a completion found once for its
 * three rewards, as in the reference. Both are warm and take turns, so that a busy machine slows
 * them alike; what the processor spent says more there. Another Python keeps the similarity of each
 * pair too, which the reference does not.
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

const rounds = 15;
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

/** Milliseconds that one completion takes: by the clock, and of the processor. */
type Timer = (workload: Workload) => Promise<readonly [clock: number, processor: number]>;

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
      return JSON.parse(String((await lines.next()).value));
    },
  };
}

const timerOf =
  (score: Scorer): Timer =>
  async (workload) => {
    const cases = workloads[workload];
    const [started, used] = [performance.now(), process.cpuUsage()];
    for (let passes = 0; ; passes += 1) {
      const taken = performance.now() - started;
      if (taken >= leastMs) {
        const { user, system } = process.cpuUsage(used);
        const completions = passes * cases.length;
        return [taken / completions, (user + system) / 1000 / completions];
      }
      for (const one of cases) score(one.completion, one.target, one);
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
  "| workload | Python, ms | TypeScript, ms | ratio | of processor time | Python with pairs kept, ms | ratio |",
);
console.log("|---|---|---|---|---|---|---|");
for (const workload of names) {
  const found = Object.fromEntries(
    Object.keys(timers).map((who) => [who, { clock: [] as number[], processor: [] as number[] }]),
  ) as Record<keyof typeof timers, { clock: number[]; processor: number[] }>;
  for (let round = -2; round < rounds; round += 1) {
    for (const who of Object.keys(timers) as (keyof typeof timers)[]) {
      const [clock, processor] = await timers[who](workload);
      if (round < 0) continue; // they only warm
      found[who].clock.push(clock);
      found[who].processor.push(processor);
    }
  }
  const { python, keeping, ours } = found;
  /** Round by round, since neighbours in time meet the same load. */
  const times = (a: readonly number[], b: readonly number[]): string =>
    median(a.map((value, round) => value / b[round]!)).toFixed(1);
  const cells = [
    ...[workload, median(python.clock).toFixed(3), median(ours.clock).toFixed(4)],
    ...[times(python.clock, ours.clock), times(python.processor, ours.processor)],
    ...[median(keeping.clock).toFixed(3), times(keeping.clock, ours.clock)],
  ];
  console.log(`| ${cells.join(" | ")} |`);
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
