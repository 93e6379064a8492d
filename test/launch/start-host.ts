import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { HostOrder } from "./host.ts";
import { eventually } from "./run-folder.ts";

/** A running host and what it said. */
export interface Host {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly stderr: () => string;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Starts a host in a process group of its own, and waits until its roles run. */
export async function startHost(order: HostOrder): Promise<Host> {
  const script = fileURLToPath(new URL("./host.ts", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const exit = once(child, "exit").then(([code, signal]) => ({ code, signal }));
  await eventually("the host says started", () => {
    if (child.exitCode !== null) throw new Error(`the host ended: ${stderr}`);
    return stdout.includes("started");
  });
  if (child.pid === undefined) throw new Error("the host has no pid");
  return { child, pid: child.pid, stderr: () => stderr, exit };
}
