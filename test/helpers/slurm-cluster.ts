import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { execa, type Options } from "execa";

/** A running virtual cluster; see test/cluster/cluster.sh. */
export interface SlurmCluster {
  /** A folder that every host sees. */
  readonly shared: string;
  /** Programs that call Slurm's commands of the same names on the login node, for PATH. */
  readonly bin: string;
  /** Runs a command on a host; fails when the command does. */
  readonly on: (host: string, command: readonly string[], options?: Options) => Promise<string>;
  /** The arguments that run a command on a host, for who starts it himself. */
  readonly call: (host: string, command: readonly string[]) => readonly [string, ...string[]];
  /** Ends a host as a power cut does. */
  readonly kill: (host: string) => Promise<void>;
  readonly boot: (host: string) => Promise<void>;
  /** Ends all hosts and what runs on them. */
  readonly stop: () => Promise<void>;
}

const script = (name: string): string =>
  fileURLToPath(new URL(`../cluster/${name}`, import.meta.url));

/**
 * Starts a cluster of its own for the caller.
 *
 * It hangs on a pipe from this process: when that closes, for whatever reason, nothing of it is left
 * but a folder below /var/tmp.
 */
export async function startSlurmCluster(): Promise<SlurmCluster> {
  const state = await mkdtemp("/var/tmp/r1sgg-cluster-");
  const apart = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const child = execa("unshare", [...apart, "bash", script("cluster.sh"), state], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: { file: join(state, "cluster.err") },
    buffer: false,
    reject: false,
  });
  const lines = createInterface({ input: child.stdout });
  const answers = lines[Symbol.asyncIterator]();
  const expectAnswer = async (wanted: string): Promise<void> => {
    const { value, done } = await answers.next();
    if (done !== true && value === wanted) return;
    const said = await readFile(join(state, "cluster.err"), "utf8").catch(() => "");
    throw new Error(`the virtual cluster says ${value ?? "nothing"}: ${said.slice(-2000)}`);
  };
  const ask = async (line: string): Promise<void> => {
    child.stdin.write(`${line}\n`);
    await expectAnswer("ok");
  };
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await child;
    await rm(state, { recursive: true, force: true });
  };
  try {
    await expectAnswer("up");
    const { stdout } = await execa("pgrep", ["-P", String(child.pid)]);
    await writeFile(join(state, "outer"), stdout);
    await mkdir(join(state, "bin"));
    for (const name of ["sbatch", "srun", "squeue", "sacct", "scontrol", "scancel", "sinfo"]) {
      const shim = `#!/bin/sh\nexec "${script("on.sh")}" "${state}" login /usr/bin/${name} "$@"\n`;
      await writeFile(join(state, "bin", name), shim, { mode: 0o755 });
    }
  } catch (cause) {
    await stop();
    throw cause;
  }
  const call = (host: string, command: readonly string[]) =>
    [script("on.sh"), state, host, ...command] as const;
  return {
    shared: join(state, "shared"),
    bin: join(state, "bin"),
    call,
    on: async (host, command, options = {}) => {
      const [file, ...args] = call(host, command);
      const { stdout } = await execa(file, args, { stdin: "ignore", ...options });
      return String(stdout);
    },
    kill: (host) => ask(`kill ${host}`),
    boot: (host) => ask(`boot ${host}`),
    stop,
  };
}
