/**
 * How fast `data check` is beside the same checks written with Python's `datasets`, and how much
 * memory `data prepare` and `data check` take: `npm run bench:data -- [ROWS]` (100,000 by default).
 *
 * Makes rows with images of 320 x 240 (about 20 KB, as detailed as a photograph), packs them into
 * parquet with `data prepare hf`, then checks them both ways, one after the other, in one go.
 */
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import sharp from "sharp";
import { randomStream } from "../src/core/random-stream.ts";
import { datasetFiles } from "../src/data/shards.ts";
import { ensurePythonEnv } from "../src/launch/python-env.ts";
import { shipped } from "../src/root.ts";

const rows = Number(process.argv[2] ?? 100_000);
const [width, height] = [320, 240];
const folder = await mkdtemp(join(tmpdir(), "r1sgg-bench-"));
const ticksPerSecond = 100; // USER_HZ, the same on every Linux
const say = (text: string): void => console.log(text);

/** Detailed as a photograph: noise of 8 pixels a side, blurred. */
async function photograph(seed: number): Promise<Buffer> {
  const random = randomStream(`bench ${seed}`);
  const small = { width: width / 8, height: height / 8, channels: 3 } as const;
  const noise = Buffer.from(
    Array.from({ length: small.width * small.height * 3 }, () =>
      Math.floor(random.between(0, 256)),
    ),
  );
  return sharp(noise, { raw: small }).resize(width, height).jpeg({ quality: 85 }).toBuffer();
}

/** The image with a comment of its own, so that no two files are alike. */
const named = (jpeg: Buffer, name: string): Buffer => {
  const head = Buffer.from([0xff, 0xfe, 0, name.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, Buffer.from(name), jpeg.subarray(2)]);
};

/** Twelve objects and six relations, about as many as VG150 has. */
function graph(seed: number) {
  const random = randomStream(`graph ${seed}`);
  const whole = (from: number, to: number) => Math.floor(random.between(from, to));
  const objects = Array.from({ length: 12 }, (_, at) => {
    const [x, y] = [whole(0, width - 2), whole(0, height - 2)];
    const bbox = [x, y, whole(x + 1, width), whole(y + 1, height)];
    return { id: `${random.pick(["man", "horse", "tree", "car"])}.${at + 1}`, bbox };
  });
  const id = () => random.pick(objects).id;
  const relationships = Array.from({ length: 6 }, () => ({
    ...{ subject: id(), predicate: random.pick(["on", "near", "riding"]), object: id() },
  }));
  return { objects, relationships };
}

async function makeRows(): Promise<string> {
  const data = join(folder, "rows");
  await mkdir(join(data, "images"), { recursive: true });
  const images = await Promise.all(Array.from({ length: 200 }, (_, seed) => photograph(seed)));
  const file = await open(join(data, "train.jsonl"), "w");
  for (let at = 0; at < rows; at += 1) {
    const image_path = `images/${at}.jpg`;
    await writeFile(join(data, image_path), named(images[at % images.length]!, `row ${at}`));
    const row = { image_id: `${at}`, image_path, width, height, ...graph(at) };
    await file.appendFile(`${JSON.stringify(row)}\n`);
  }
  await file.close();
  return data;
}

interface Measured {
  readonly seconds: number;
  /** Of all its threads: what a busy machine does not change. */
  readonly cpuSeconds: number;
  readonly peakMB: number;
  readonly stdout: string;
}

/** Runs a program; its memory is the peak that Linux notes (VmHWM). */
async function measure(file: string, args: readonly string[], env = {}): Promise<Measured> {
  const start = performance.now();
  const child = execa(file, args, { env, stdin: "ignore", stderr: "ignore" });
  let [peakMB, cpuSeconds] = [0, 0];
  const timer = setInterval(async () => {
    const read = (name: string) => readFile(`/proc/${child.pid}/${name}`, "utf8").catch(() => "");
    const peak = /VmHWM:\s+(\d+)/.exec(await read("status"))?.[1] ?? 0;
    peakMB = Math.max(peakMB, Number(peak) / 1024);
    const [user = 0, system = 0] = (await read("stat")).split(") ")[1]?.split(" ").slice(11) ?? [];
    cpuSeconds = Math.max(cpuSeconds, (Number(user) + Number(system)) / ticksPerSecond);
  }, 50);
  try {
    const { stdout } = await child;
    return { seconds: (performance.now() - start) / 1000, cpuSeconds, peakMB, stdout };
  } finally {
    clearInterval(timer);
  }
}

const told = ({ seconds, cpuSeconds, peakMB }: Measured): string => {
  const each = (all: number) => ((all / rows) * 1e6).toFixed(0);
  return `${seconds.toFixed(1)} s, ${each(seconds)} us a row (${each(cpuSeconds)} of CPU), peak ${peakMB.toFixed(0)} MB`;
};

try {
  const python = await ensurePythonEnv({ device: "cpu", say });
  const data = await makeRows();
  const packed = join(folder, "packed");
  const r1sgg = (...args: string[]) => measure(shipped("bin/r1sgg"), ["data", ...args]);
  say(`${rows} rows, images ${width} x ${height}`);
  say(`prepare (JSONL to parquet)   ${told(await r1sgg("prepare", "hf", data, "--out", packed))}`);
  const [file] = await datasetFiles(packed);
  const glob = file!.replace(/-00000-of-\d+/, "-*");
  const env = { ...python.env, HF_HUB_OFFLINE: "1", HF_HOME: join(folder, "home") };
  const script = shipped("test/bench-data/check.py");
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  const checkOnce = async () => {
    ours.push(await r1sgg("check", packed));
    say(`data check                   ${told(ours.at(-1)!)}  ${ours.at(-1)!.stdout}`);
  };
  await checkOnce();
  for (const mode of ["streaming", "cached"]) {
    theirs.push(await measure(python.python, [script, glob, mode], env));
    const one = theirs.at(-1)!;
    say(`${`datasets (${mode})`.padEnd(29)}${told(one)}  ${one.stdout}`);
    await checkOnce();
  }
  say(`data check of JSONL          ${told(await r1sgg("check", data))}`);
  const ratio = (of: "seconds" | "cpuSeconds") =>
    Math.min(...theirs.map((one) => one[of])) /
    ours.map((one) => one[of]).sort((a, b) => a - b)[1]!;
  const [wall, cpu] = [ratio("seconds").toFixed(1), ratio("cpuSeconds").toFixed(1)];
  say(
    `datasets' faster way takes ${wall} times as long as data check (median), ${cpu} times the CPU`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
