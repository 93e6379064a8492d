import { spawnSync } from "node:child_process";

const found = spawnSync("python3", ["-c", "import h5py"], { encoding: "utf8" });

/** Why h5py cannot be asked, or `undefined` when it can: it is no dependency of ours. */
export const noH5py: string | undefined =
  found.status === 0
    ? undefined
    : (found.stderr?.trim().split("\n").at(-1) ?? "python3 does not run here");

if (noH5py && (process.env.R1SGG_REQUIRE ?? "").split(",").includes("h5py"))
  throw new Error(`R1SGG_REQUIRE names h5py: ${noH5py}`);

/** A test's title, which says why it is skipped where h5py cannot be asked. */
export const needsH5py = (title: string): string =>
  noH5py ? `${title} [needs h5py: ${noH5py}]` : title;
