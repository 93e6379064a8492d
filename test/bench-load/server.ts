import { existsSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { shipped } from "../../src/root.ts";

/** Starts `r1sgg reward serve` as users do, in a process of its own, and waits until it is ready. */
export async function startServer(args: readonly string[]) {
  const readyFile = join(await mkdtemp(join(tmpdir(), "bench-load-")), "ready.json");
  const started = performance.now();
  const child = execa(
    shipped("bin/r1sgg"),
    ["reward", "serve", "--port", "0", "--ready-file", readyFile, ...args],
    { stdout: "ignore", stderr: "pipe", reject: false },
  );
  let hasEnded = false;
  child.finally(() => {
    hasEnded = true;
  });
  while (!existsSync(readyFile)) {
    if (hasEnded) throw new Error(`the server ended: ${(await child).stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const readyMs = performance.now() - started;
  const { url } = JSON.parse(await readFile(readyFile, "utf8")) as { url: string };
  return {
    url,
    readyMs,
    stop: async (): Promise<number | undefined> => {
      child.kill("SIGTERM");
      return (await child).exitCode;
    },
  };
}
