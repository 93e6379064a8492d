import type { PlanRole, RunPlan, Word } from "../plan/run-plan.ts";
import { freePort } from "./ports.ts";
import { httpProbe } from "./ready.ts";
import type { RoleSpec } from "./role.ts";
import type { Role } from "./roles.ts";
import type { Teller } from "./smoke-run.ts";
import type { Supervisor } from "./supervise.ts";

/** What starting the roles of a plan on this machine needs. */
export interface RolesHere {
  readonly supervisor: Supervisor;
  readonly tell: Teller;
  /** What is started for a role whose command has no placeholder left. */
  readonly toSpec: (
    role: PlanRole,
    argv: readonly string[],
    health: string | undefined,
  ) => RoleSpec;
  /** Called with what fills in placeholders, before the first role starts. */
  readonly begin?: (fill: (word: Word) => string) => Promise<void>;
}

/**
 * Starts every role once the services in its `after` are ready and the tasks done, waits for the tasks, and stops the services.
 *
 * Errors: SggError of whatever ended the run.
 */
export async function runRoles(
  { roles, ports: names }: Pick<RunPlan, "roles" | "ports">,
  { supervisor, tell, toSpec, begin: before }: RolesHere,
): Promise<void> {
  const ports = new Map<string, number>();
  for (const name of names) ports.set(name, await freePort());
  const urlOf = (port: string): string => `http://127.0.0.1:${ports.get(port)}`;
  const fill = (word: Word): string => {
    if (typeof word === "string") return word;
    if ("port" in word) return String(ports.get(word.port));
    if ("url" in word) return urlOf(word.url);
    return "host" in word ? "127.0.0.1" : "0";
  };
  await before?.(fill);
  const begun = new Map<string, Promise<Role>>();
  const tasks = roles.filter(({ kind }) => kind === "task");
  const isTask = new Set(tasks.map(({ name }) => name));
  const ready = async (name: string): Promise<void> => {
    const role = await begun.get(name);
    if (isTask.has(name)) await role?.done;
  };
  const begin = async (role: PlanRole): Promise<Role> => {
    await Promise.all(role.after.map(ready));
    const health = role.ready && `${urlOf(role.ready.port)}${role.ready.path}`;
    const spec = toSpec(role, role.command.map(fill), health);
    tell.update(role.name, "starting");
    const started = await supervisor.start(spec, {
      ...(role.ready &&
        health !== undefined && {
          untilReady: {
            probe: httpProbe(health),
            timeoutMs: role.ready.timeoutSeconds * 1000,
            onWait: (why: string) => tell.update(role.name, why),
          },
        }),
    });
    tell.end(role.name);
    return started;
  };
  for (const role of roles) begun.set(role.name, supervisor.watch(begin(role)));
  await Promise.all(tasks.map(async ({ name }) => (await begun.get(name))?.done));
  const services = roles.filter(({ kind }) => kind === "service").toReversed();
  for (const { name } of services) {
    const role = await begun.get(name);
    if (role) await supervisor.stop(role);
  }
}
