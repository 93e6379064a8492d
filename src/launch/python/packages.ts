import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SggError } from "../../errors.ts";
import { packageProgress } from "./package-progress.ts";
import { runTool, type ToolEnd } from "./run-tool.ts";
import type { Setup } from "./setup.ts";
import { uvFailure, wasUnreachable } from "./uv-failure.ts";

/** Packages to install from a lock with hashes, and where. */
export interface Packages {
  /** For people, for example "the Python packages (cpu)". */
  readonly what: string;
  readonly lock: string;
  readonly uv: string;
  /** The interpreter that is to use them; with no `target`, of the environment to fill. */
  readonly python: string;
  /** A plain folder to put them in, instead of the environment of `python`. */
  readonly target?: string;
  /** Room that they take with nothing in uv's cache, measured. */
  readonly bytes: number;
}

/**
 * Makes an environment or folder hold exactly the packages of a lock; may be done again at any point.
 *
 * uv is asked first what it would do: a package that cannot be had and a disk too small are known
 * before the download. Without a network it still installs what its cache holds.
 *
 * @throws {SggError} LAUNCH
 */
export async function installPackages(packages: Packages, setup: Setup): Promise<void> {
  const plan = await planInstall(packages, setup);
  await requireRoom(packages, plan.downloads, setup);
  const progress = packageProgress(packages.what, setup.say);
  const end = await uv(packages, plan.flags, setup, progress);
  if (!end.ok) throw uvFailure(packages.what, end.lines);
}

interface InstallPlan {
  readonly flags: readonly string[];
  readonly downloads: number;
}

async function planInstall(packages: Packages, setup: Setup): Promise<InstallPlan> {
  const online = await uv(packages, ["--dry-run"], setup);
  if (online.ok) return { flags: [], downloads: downloads(online) };
  const failure = uvFailure(packages.what, online.lines);
  if (!wasUnreachable(online.lines)) throw failure;
  const offline = await uv(packages, ["--dry-run", "--offline"], setup);
  if (!offline.ok || downloads(offline) > 0) throw failure;
  return { flags: ["--offline"], downloads: 0 };
}

const downloads = ({ lines }: ToolEnd): number =>
  Number(/^Would download (\d+)/m.exec(lines.join("\n"))?.[1] ?? 0);

function uv(
  { uv, python, lock, target }: Packages,
  flags: readonly string[],
  setup: Setup,
  watch = {},
): Promise<ToolEnd> {
  // Either way what the lock names and nothing else.
  const beside = ["install", "--no-deps", "--target", target ?? "", "-r", lock];
  const how = target === undefined ? ["sync", lock] : beside;
  const argv = [uv, "pip", ...how, "--python", python, "--require-hashes", ...flags];
  return runTool(python, argv, uvEnvironment(setup.cache), setup, watch);
}

/** Where we moved the cache, uv's follows: it is the larger part, and only links within one disk. */
export function uvEnvironment(cache: string, env = process.env): Record<string, string> {
  return {
    UV_PYTHON_DOWNLOADS: "never",
    UV_HTTP_TIMEOUT: env.UV_HTTP_TIMEOUT ?? "180",
    ...(env.R1SGG_CACHE && !env.UV_CACHE_DIR && { UV_CACHE_DIR: join(cache, "uv-cache") }),
    ...(env.PIP_INDEX_URL && !env.UV_DEFAULT_INDEX && { UV_DEFAULT_INDEX: env.PIP_INDEX_URL }),
  };
}

async function requireRoom(
  { what, target, python, bytes }: Packages,
  downloads: number,
  { freeBytes }: Setup,
): Promise<void> {
  const folder = target ?? dirname(dirname(python));
  const needed = downloads > 0 ? bytes : 0;
  await stat(dirname(folder));
  const free = await freeBytes(dirname(folder));
  if (free >= needed) return;
  throw new SggError(
    "LAUNCH",
    `Cannot install ${what}: ${gigabytes(free)} free for "${dirname(folder)}", expected ${gigabytes(needed)}; ` +
      "make room, or set R1SGG_CACHE to a folder on a larger disk",
  );
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
