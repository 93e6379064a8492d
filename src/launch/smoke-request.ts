import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { loadDataset } from "../data/load.ts";
import { datasetFiles } from "../data/shards.ts";
import { type Device, type SmokePlan, smokePlan } from "../plan/smoke-plan.ts";
import { loadRecipe } from "../recipe/load.ts";
import { smokeRecipe } from "../recipe/schema.ts";
import { shipped } from "../root.ts";
import { chooseDevice } from "./device.ts";
import { checkModelFolder } from "./model-folder.ts";

/** What a user may ask of a smoke run. */
export interface SmokeWishes {
  readonly device: "auto" | Device;
  readonly data?: string;
  readonly model?: string;
  readonly seed?: number;
  readonly stepsSft?: number;
  readonly stepsGrpo?: number;
}

/**
 * Settles a smoke run: recipe, wishes, and what this machine has.
 *
 * Everything that can be known now is checked now: the recipe, every row and image of `data`, the
 * files of `model`, the device.
 *
 * Errors: SggError RECIPE, DATA or LAUNCH.
 */
export async function planSmoke(wishes: SmokeWishes): Promise<SmokePlan> {
  const base = await loadRecipe(shipped("recipes/smoke/smoke.yaml"), smokeRecipe);
  const { seed = base.seed, stepsSft = base.sft.steps, stepsGrpo = base.grpo.steps } = wishes;
  const recipe = {
    ...base,
    seed,
    sft: { ...base.sft, steps: stepsSft },
    grpo: { ...base.grpo, steps: stepsGrpo },
  };
  const device = await chooseDevice(wishes.device);
  const model = wishes.model === undefined ? null : await findModel(wishes.model);
  const data = wishes.data === undefined ? null : await readUserData(wishes.data);
  return smokePlan({ recipe, device, model, data }, availableParallelism());
}

/** A folder becomes an absolute path; anything else is a Hub id, which Python looks up later. */
async function findModel(model: string): Promise<string> {
  const found = await stat(model).catch(() => undefined);
  if (found === undefined && !/^[./~]|\/.*\//.test(model)) return model;
  await checkModelFolder(model);
  return resolve(model);
}

async function readUserData(path: string): Promise<{ path: string; sha256: string }> {
  await loadDataset(path);
  const files = await datasetFiles(path);
  const hash = createHash("sha256");
  for (const file of files) for await (const chunk of createReadStream(file)) hash.update(chunk);
  return { path: files.length === 1 ? files[0]! : resolve(path), sha256: hash.digest("hex") };
}
