/**
 * What bin/r1sgg adds to a start when all is in place: `npm run bench:start`.
 *
 * Starts are alternated, so that a busy machine slows both alike; medians are printed.
 */
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../src/launch/cache-folder.ts";
import { shipped } from "../src/root.ts";

const starts = 50;
const flags = ["--disable-warning=ExperimentalWarning", shipped("src/cli/main.ts"), "--version"];
const env = { NODE_COMPILE_CACHE: join(cacheFolder(), "compile-cache") };

async function milliseconds(file: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  await execa(file, args, { env, stdio: "ignore" });
  return performance.now() - started;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const launcher: number[] = [];
const direct: number[] = [];
await milliseconds(shipped("bin/r1sgg"), ["--version"]);
for (let i = 0; i < starts; i++) {
  launcher.push(await milliseconds(shipped("bin/r1sgg"), ["--version"]));
  direct.push(await milliseconds(process.execPath, flags));
}
const [a, b] = [median(launcher), median(direct)];
console.log(
  `bin/r1sgg ${a.toFixed(1)} ms, node src/cli/main.ts ${b.toFixed(1)} ms, added ${(a - b).toFixed(1)} ms ` +
    `(${(a / b).toFixed(2)} times), medians of ${starts}`,
);
