import { mkdirSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type ContainerCall,
  type ContainerPlace,
  containerOptions,
} from "../../plan/docker/container-options.ts";
import type { PlanRole } from "../../plan/run-plan.ts";
import type { RoleSpec } from "../role.ts";
import { type ContainerRole, engineFailed } from "./container-role.ts";

const script = fileURLToPath(
  new URL(`./container-role${extname(import.meta.url)}`, import.meta.url),
);

/**
 * A role in a container, as the local process that stands for it.
 *
 * Its container's options are written below the run folder, for people and for that process.
 */
export function containerSpec(
  role: Pick<PlanRole, "name" | "kind" | "image" | "gpus">,
  call: ContainerCall,
  place: ContainerPlace,
  { host, graceMs }: { readonly host: string; readonly graceMs: number },
): RoleSpec {
  const { name, kind } = role;
  const stopSeconds = Math.max(1, Math.floor(graceMs / 1000) - 2);
  const options = containerOptions(role, call, place);
  const told: ContainerRole = { host, options, stopSeconds };
  const folder = join(place.runDir, "artifacts", "containers");
  const file = join(folder, `${name}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(told, null, 2)}\n`);
  return {
    ...{ name, kind, command: process.execPath },
    args: ["--disable-warning=ExperimentalWarning", script, file],
    cwd: place.runDir,
    couldNotRun: engineFailed,
    logPath: join(place.runDir, "logs", `${name}.log`),
  };
}
