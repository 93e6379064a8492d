import { readFile } from "node:fs/promises";
import { type ScriptParts, scriptParts } from "../../plan/slurm/render.ts";
import { shipped } from "../../root.ts";

/** Reads the constant parts of the scripts that ship with the product. */
export async function readScriptParts(): Promise<ScriptParts> {
  const read = async (names: readonly string[]) => {
    const paths = names.map((name) => shipped(`slurm/script/${name}`));
    return (await Promise.all(paths.map((path) => readFile(path, "utf8")))).join("");
  };
  const { job, role, array } = scriptParts;
  const [asJob, asRole, asArray] = await Promise.all([read(job), read(role), read(array)]);
  return { job: asJob, role: asRole, array: asArray };
}
