/**
 * How fast `r1sgg eval` is beside Python, from the same files: `npm run bench:eval`.
 *
 * Python reads the files, takes AP of pycocotools and recall by NumPy (test/oracle/bench_eval.py).
 * Both have to come to the same figures. `-- --images 100000 --without-python` is for the memory.
 */
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { vg150 } from "../src/core/classes/vg150.ts";
import { shipped } from "../src/root.ts";
import { ensureOracle } from "./helpers/oracle.ts";
import { randomImages } from "./helpers/random-scenes.ts";

const { values } = parseArgs({
  options: {
    images: { type: "string", default: "5000" },
    "without-python": { type: "boolean", default: false },
  },
});
const images = Number(values.images);
const runs = 3;

interface Shares {
  readonly recall: Readonly<Record<string, number>>;
  readonly mean_recall: Readonly<Record<string, number>>;
}
type PythonFigures = Shares & {
  readonly ap: number;
  readonly ap50: number;
  readonly "without constraint": Shares;
};
interface Ours {
  readonly ap: number;
  readonly ap50: number;
  readonly recall: Shares["recall"];
  readonly mean_recall: Shares["recall"];
  readonly ng_recall: Shares["recall"];
  readonly ng_mean_recall: Shares["recall"];
}

const folder = await mkdtemp(join(tmpdir(), "r1sgg-bench-"));
const [dataset, predictions, classes] = ["data.jsonl", "said.jsonl", "classes.json"].map((name) =>
  join(folder, name),
) as [string, string, string];

async function writeFiles(): Promise<void> {
  const [data, said] = [createWriteStream(dataset), createWriteStream(predictions)];
  const write = (stream: typeof data, value: unknown) =>
    stream.write(`${JSON.stringify(value)}\n`) ||
    new Promise<void>((resolve) => stream.once("drain", () => resolve()));
  for (const { target, response } of randomImages(images, 1)) {
    await write(data, target);
    await write(said, { image_id: target.image_id, response, box_scale: [1000, 1000] });
  }
  await Promise.all([finished(data.end()), finished(said.end())]);
  await writeFile(classes, JSON.stringify(vg150));
}

/** Makes a process say at its end what it used. */
const usage =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\nusage "+JSON.stringify(process.resourceUsage())))';

async function evaluateHere(bootstrap: number) {
  const start = performance.now();
  const { stdout, stderr } = await execa(
    process.execPath,
    ["--import", usage, shipped("src/cli/main.ts"), "eval"].concat(
      ["--dataset", dataset, "--predictions", predictions, "--classes", "vg150"],
      ["--bootstrap", String(bootstrap), "--json"],
    ),
    { env: { NODE_COMPILE_CACHE: join(folder, "compile-cache") } },
  );
  const seconds = (performance.now() - start) / 1000;
  const used = JSON.parse(/usage (.*)$/.exec(stderr)![1]!) as NodeJS.ResourceUsage;
  return {
    seconds,
    cpuSeconds: (used.userCPUTime + used.systemCPUTime) / 1e6,
    mebibytes: used.maxRSS / 1024,
    figures: JSON.parse(stdout) as Ours,
  };
}

async function evaluateInPython() {
  const start = performance.now();
  const { stdout } = await execa(
    await ensureOracle(),
    ["-W", "ignore", shipped("test/oracle/bench_eval.py"), dataset, predictions, classes],
    { env: { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" } },
  );
  const seconds = (performance.now() - start) / 1000;
  const { cpu_seconds, figures } = JSON.parse(stdout) as {
    readonly cpu_seconds: number;
    readonly figures: PythonFigures;
  };
  return { seconds, cpuSeconds: cpu_seconds, figures };
}

/** The largest difference between the figures of both, in percentage points. */
function largestDifference(ours: Ours, theirs: PythonFigures): number {
  const free = theirs["without constraint"];
  const pairs = [
    [ours.ap, theirs.ap],
    [ours.ap50, theirs.ap50],
    ...["20", "50", "100"].flatMap((at) => [
      [ours.recall[at]!, theirs.recall[at]!],
      [ours.mean_recall[at]!, theirs.mean_recall[at]!],
      [ours.ng_recall[at]!, free.recall[at]!],
      [ours.ng_mean_recall[at]!, free.mean_recall[at]!],
    ]),
  ] as [number, number][];
  return Math.max(...pairs.map(([a, b]) => Math.abs(a - 100 * b)));
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[runs >> 1]!;

const line = (name: string, { seconds, cpuSeconds }: { seconds: number; cpuSeconds: number }) =>
  `${name.padEnd(24)} ${seconds.toFixed(2).padStart(6)} s, ${cpuSeconds.toFixed(2).padStart(6)} s of CPU`;

try {
  await writeFiles();
  const ours = [];
  for (let run = 0; run < runs; run += 1) ours.push(await evaluateHere(0));
  const middle = {
    seconds: median(ours.map((one) => one.seconds)),
    cpuSeconds: median(ours.map((one) => one.cpuSeconds)),
  };
  const mebibytes = Math.max(...ours.map((one) => one.mebibytes));
  console.log(`${images} images, about 12 objects and 15 relations each`);
  console.log(`${line("r1sgg eval", middle)}, ${mebibytes.toFixed(0)} MiB (median of ${runs})`);
  console.log(line("  with 1000 samples", await evaluateHere(1000)));
  if (!values["without-python"]) {
    const python = await evaluateInPython();
    console.log(line("Python", python));
    const [wall, cpu] = [
      python.seconds / middle.seconds,
      python.cpuSeconds / middle.cpuSeconds,
    ].map((ratio) => ratio.toFixed(1));
    console.log(`${wall} times faster by the clock, ${cpu} times by CPU`);
    const difference = largestDifference(ours[0]!.figures, python.figures);
    console.log(`figures differ by at most ${difference.toExponential(1)} percentage points`);
    if (!(difference < 1e-9)) throw new Error("the figures are not the same");
  }
} finally {
  await rm(folder, { recursive: true });
}
