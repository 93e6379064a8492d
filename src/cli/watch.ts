import { setTimeout as delay } from "node:timers/promises";
import { onInterrupt } from "../launch/interrupts.ts";

/**
 * Looks again and again, and shows what it sees whenever its text is another than before, until a
 * person stops it: that is how watching ends, and no failure.
 */
export async function watch<Seen extends { readonly text: string }>(
  seconds: number,
  look: () => Promise<Seen>,
  show: (seen: Seen) => Promise<void>,
): Promise<void> {
  const stopped = new AbortController();
  const release = onInterrupt(
    () => stopped.abort(),
    () => process.exit(130),
  );
  try {
    let shown: string | undefined;
    while (!stopped.signal.aborted) {
      const seen = await look();
      if (seen.text !== shown) await show(seen);
      shown = seen.text;
      await delay(1000 * seconds, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  } finally {
    release();
  }
}
