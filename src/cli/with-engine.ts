import type { Engine } from "../launch/docker/engine.ts";
import { type Board, openBoard } from "./board.ts";
import { interruptible } from "./interruptible.ts";
import { showProgress } from "./progress.ts";

/**
 * Works with the container engine of DOCKER_HOST, shows how far it is, and ends on a signal.
 *
 * `doing` begins the words of an interruption, as in `Building was interrupted by SIGINT`.
 *
 * Errors: SggError LAUNCH when no engine answers; INTERRUPTED on a signal; what the work throws
 */
export async function withEngine<T>(
  doing: string,
  work: (engine: Engine, board: Board, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { connect } = await import("../launch/docker/engine.ts");
  const engine = await connect();
  const board = openBoard(showProgress());
  try {
    return await interruptible(
      (signal) => `${doing} was interrupted by ${signal}`,
      (signal) => work(engine, board, signal),
    );
  } finally {
    board.close();
  }
}
