import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { shipped } from "../root.ts";
import { version } from "../version.ts";

/** What runs here, as a run notes it: our version, of a clone its commit, and Node's version. */
export const codeText = async (): Promise<string> =>
  `r1sgg ${[version, ...(await revision())].join(" ")}, node ${process.versions.node}`;

/** The commit of a clone, `-dirty` where it was changed; none of a package that was installed. */
async function revision(): Promise<readonly string[]> {
  const cwd = shipped(".");
  if (!existsSync(join(cwd, ".git"))) return [];
  const describe = ["describe", "--always", "--dirty", "--abbrev=8", "--exclude=*"];
  const { stdout } = await execa("git", describe, { cwd, reject: false, stdin: "ignore" });
  return stdout ? [stdout] : [];
}
