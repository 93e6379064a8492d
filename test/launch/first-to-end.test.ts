import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { firstToEnd } from "../../src/launch/first-to-end.ts";
import type { RoleExit, RoleSpec } from "../../src/launch/role.ts";
import { zombie } from "./run-folder.ts";

interface Told {
  readonly started: {
    readonly pid: number;
    readonly start: string;
    readonly spec: RoleSpec;
    readonly log: string;
    readonly exited: Promise<RoleExit>;
    readonly lastLines: () => readonly string[];
  };
  readonly exited: Promise<RoleExit>;
  readonly endIsFine: boolean;
  exit?: RoleExit;
}

/** A role whose end we tell when we like. */
function role(kind: RoleSpec["kind"], pid = process.pid) {
  const { promise, resolve } = Promise.withResolvers<RoleExit>();
  const spec = { name: kind, kind, command: "", args: [], logPath: "" };
  const started = { pid, start: "", spec, log: "", exited: promise, lastLines: () => [] };
  const told: Told = { started, exited: promise, endIsFine: false };
  const end = (code: number | undefined, signal?: NodeJS.Signals): void => {
    told.exit = { code, signal };
    resolve(told.exit);
  };
  return { told, end };
}

describe("firstToEnd", () => {
  it("is the one reported, when no other ends", async () => {
    const [task, service] = [role("task"), role("service")];
    task.end(1);
    expect(await firstToEnd(task.told, [task.told, service.told])).toBe(task.told);
  });

  it("is the one reported, when another ends later", async () => {
    const [task, service] = [role("task"), role("service")];
    task.end(1);
    const first = firstToEnd(task.told, [task.told, service.told]);
    await delay(300); // three times what counts as together
    service.end(undefined, "SIGKILL");
    expect(await first).toBe(task.told);
  });

  it("is the service that was killed at the same time", async () => {
    const [task, service] = [role("task"), role("service")];
    task.end(1);
    const first = firstToEnd(task.told, [task.told, service.told]);
    service.end(undefined, "SIGKILL");
    expect(await first).toBe(service.told);
  });

  it("is the service that was dying already, though it is reported much later", async () => {
    const [task, service] = [role("task"), role("service", await zombie())];
    task.end(1);
    const first = firstToEnd(task.told, [task.told, service.told]);
    await delay(300);
    service.end(undefined, "SIGKILL");
    expect(await first).toBe(service.told);
  });

  it("is never a task that ended well", async () => {
    const [service, task] = [role("service"), role("task")];
    service.end(1);
    const first = firstToEnd(service.told, [service.told, task.told]);
    task.end(0);
    expect(await first).toBe(service.told);
  });
});
