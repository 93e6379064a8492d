import type Docker from "dockerode";
import type { ToolEnd } from "../inputs/bring-inputs.ts";
import { orAbort } from "../or-abort.ts";
import { stateAtEnd } from "./container-end.ts";
import { removeContainer } from "./sweep.ts";

/** Runs a container to its end and gives what it said; nothing of it is left, also when it is cut off. */
export async function runToEnd(
  docker: Docker,
  options: Docker.ContainerCreateOptions,
  host: string,
  signal: AbortSignal,
): Promise<ToolEnd> {
  const container = await docker.createContainer(options);
  try {
    await container.start();
    const { ExitCode } = await orAbort(stateAtEnd(container), signal);
    const said = async (stream: "stdout" | "stderr"): Promise<string> =>
      textOf(await container.logs({ [stream]: true, follow: false } as { follow: false }));
    return {
      stdout: await said("stdout"),
      stderr: await said("stderr"),
      failed: ExitCode !== 0,
    };
  } finally {
    await removeContainer(host, container.id);
  }
}

/** The words in a log: frames of 8 bytes, of which the last four are the length, and a text. */
function textOf(log: Buffer): string {
  const texts: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length; ) {
    const length = log.readUInt32BE(at + 4);
    texts.push(log.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(texts).toString("utf8");
}
