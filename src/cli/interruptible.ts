import { SggError } from "../errors.ts";
import { type Interrupt, onInterrupt } from "../launch/interrupts.ts";

/**
 * Does work that a person may stop: the first request aborts the work's signal, with an error that
 * says `words`, each one after it calls `again`.
 *
 * Errors: those of the work
 */
export async function interruptible<T>(
  words: (signal: Interrupt) => string,
  work: (signal: AbortSignal) => Promise<T>,
  again: () => void = () => process.exit(130),
): Promise<T> {
  const stopped = new AbortController();
  const release = onInterrupt(
    (signal) => stopped.abort(new SggError("INTERRUPTED", words(signal))),
    again,
  );
  try {
    return await work(stopped.signal);
  } finally {
    release();
  }
}
