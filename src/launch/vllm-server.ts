import { join } from "node:path";
import { askImage } from "../infer/servers.ts";
import type { SamplerCommand } from "../plan/sampler-command.ts";
import { startOnFreePort } from "./ports.ts";
import type { PythonEnv } from "./python-env.ts";
import { httpProbe, type Probe } from "./ready.ts";
import type { RoleSpec } from "./role.ts";
import type { Role } from "./roles.ts";
import type { Teller } from "./smoke-run.ts";
import type { Supervisor } from "./supervise.ts";

/** A vLLM server to start, and whom to tell how far it is. */
export interface VllmServer {
  /** Of the role, and of its log below `runDir`. */
  readonly name: string;
  readonly command: SamplerCommand;
  /** The name that it serves its model under. */
  readonly model: string;
  /** Path of an image to ask it about. */
  readonly image: string;
  readonly runDir: string;
  readonly supervisor: Supervisor;
  readonly python: PythonEnv;
  readonly tell: Teller;
  /** Others do its work when it ends. */
  readonly spare?: boolean;
}

/** A server that answers. */
export interface StartedServer {
  readonly url: string;
  readonly role: Role;
}

/** How long vLLM may take from its start to its first answer: seconds on a warm machine, minutes on a cold one. */
const timeoutMs = 15 * 60_000;

/**
 * Starts vLLM on a free port. It counts as ready when it has answered one image: /health says 200
 * before that, and the first image takes seconds.
 *
 * Errors: SggError LAUNCH with the end of its log.
 */
export async function startVllm(server: VllmServer): Promise<StartedServer> {
  const { name, command, model, image, runDir, supervisor, python, tell, spare = false } = server;
  const started = await startOnFreePort(async (port) => {
    const url = `http://127.0.0.1:${port}`;
    const probe: Probe = async (signal) => {
      const healthy = await httpProbe(`${url}/health`)(signal);
      if (healthy !== true) return "vLLM is loading";
      tell.update(name, "answering its first image");
      await askImage(url, model, image, { signal });
      return true;
    };
    const spec: RoleSpec = {
      ...{ name, kind: "service", cwd: runDir },
      command: join(python.python, "..", "vllm"),
      args: ["serve", ...command.args, "--port", String(port)],
      env: { ...python.env, ...command.env },
      logPath: join(runDir, "logs", `${name}.log`),
    };
    const onWait = (why: string) => tell.update(name, why);
    const untilReady = { probe, port, timeoutMs, intervalMs: 500, onWait };
    return { url, role: await supervisor.start(spec, { untilReady, spare }) };
  });
  tell.end(name);
  return started;
}
