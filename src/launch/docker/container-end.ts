import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";

/**
 * A container's state once it has ended.
 *
 * Not `wait()`: of dockerode it never settles when the engine dies.
 */
export async function stateAtEnd(
  container: Docker.Container,
): Promise<Docker.ContainerInspectInfo["State"]> {
  for (let pauseMs = 20; ; pauseMs = Math.min(1000, pauseMs * 1.5)) {
    const { State } = await container.inspect();
    if (!State.Running) return State;
    await delay(pauseMs);
  }
}
