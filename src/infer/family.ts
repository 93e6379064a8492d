import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  familyNamed,
  familyOfModel,
  familyOfType,
  type ModelFamily,
  modelFamilies,
} from "../core/models/families.ts";
import { SggError } from "../errors.ts";

/** What families can be asked for by name. */
export const familyNames = ["auto", ...modelFamilies.map(({ name }) => name)];

/**
 * The family of a model: the one of that name, or with `auto` what its config.json or its name tells.
 *
 * `model` is what it is called, and where it was loaded from if that is known: a folder's config.json
 * is read where the folder is here.
 *
 * Errors: SggError USAGE when nothing tells, or a config.json tells of another kind of model.
 */
export async function findFamily(name: string, model: readonly string[]): Promise<ModelFamily> {
  const known = familyNamed(name);
  if (known) return known;
  for (const folder of model) {
    const type = await modelType(folder);
    if (type === undefined) continue;
    return familyOfType(type) ?? unknown(model, `model_type "${type}" in its config.json`);
  }
  for (const one of model) {
    const family = familyOfModel(one);
    if (family) return family;
  }
  return unknown(model, "neither its name nor a config.json tells");
}

function unknown(model: readonly string[], found: string): never {
  const names = modelFamilies.map((one) => one.name).join(", ");
  throw new SggError(
    "USAGE",
    `Cannot tell the family of model "${model[0]}": ${found}, expected --family with one of ${names}`,
  );
}

/** What a folder's config.json calls its model; undefined where there is none that can be read. */
async function modelType(folder: string): Promise<string | undefined> {
  try {
    const config: unknown = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
    const type = (config as { model_type?: unknown } | null)?.model_type;
    return typeof type === "string" ? type : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    if (["ENOENT", "ENOTDIR"].includes((cause as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw cause;
  }
}
