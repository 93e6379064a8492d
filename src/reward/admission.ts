import { HttpFault } from "./http-fault.ts";
import type { QueueLimits } from "./settings.ts";

/** Counts what has come in and is not answered yet, and refuses what would be too much. */
export interface Admission {
  /** Lets a request in, or throws a 503; gives the way out, to be called once. */
  readonly enter: (contentLength: string | undefined) => () => void;
  readonly pending: () => number;
}

/** An admission; a body of unknown length counts as one of `maxBodyBytes`. */
export function createAdmission(limits: QueueLimits, maxBodyBytes: number): Admission {
  let pending = 0;
  let pendingBytes = 0;
  return {
    enter: (contentLength) => {
      const bytes = contentLength === undefined ? maxBodyBytes : Number(contentLength);
      const isFull =
        pending >= limits.maxPending ||
        (pending > 0 && pendingBytes + bytes > limits.maxPendingBytes);
      if (isFull) {
        throw new HttpFault(
          503,
          `Cannot take the request now: ${pending} requests wait, expected fewer; send it again`,
        );
      }
      pending += 1;
      pendingBytes += bytes;
      return () => {
        pending -= 1;
        pendingBytes -= bytes;
      };
    },
    pending: () => pending,
  };
}
