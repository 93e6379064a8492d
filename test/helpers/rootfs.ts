import { copyFile, mkdir, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { addLibraries, fillLightBase } from "./docker/light-base.ts";

/** GNU's own: what a job's script calls in a container knows more options than busybox's. */
const programs = [
  "bash",
  "date",
  "env",
  "grep",
  "mv",
  "readlink",
  "sed",
  "sleep",
  "timeout",
  "xargs",
];

/** Stands in for a Python that notes its versions; this image has none. */
const python = `#!/bin/bash
[[ $1 == -c && $2 == *importlib* ]] || exit 64
exec node -p 'JSON.stringify({ ...JSON.parse(fs.readFileSync("facts.json")), stack: { python: "of the image" } })'
`;

/**
 * Makes a folder an image as Charliecloud runs it: this machine's Node, bash and GNU tools, and busybox.
 * Its `environment` file holds what the image sets, for the doubles of other runtimes.
 */
export async function makeRootfs(root: string): Promise<void> {
  await fillLightBase(root);
  for (const folder of ["dev", "proc", "sys"]) await mkdir(join(root, folder));
  for (const file of ["hosts", "resolv.conf", "passwd", "group"])
    await writeFile(join(root, "etc", file), "");
  for (const name of programs) {
    const { stdout: path } = await execa("sh", ["-c", `command -v ${name}`]);
    await rm(join(root, "bin", name), { force: true }); // busybox's
    await copyFile(await realpath(path), join(root, "bin", name));
    await addLibraries(root, path);
  }
  await writeFile(join(root, "bin/python"), python, { mode: 0o755 });
  await writeFile(join(root, "environment"), "PATH=/usr/local/bin:/usr/bin:/bin\nOF_IMAGE=yes\n");
}
