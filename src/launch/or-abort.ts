/**
 * The outcome of some work, or the signal's reason as soon as it aborts.
 *
 * The work itself goes on; what it gives or throws after that is dropped.
 */
export async function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const over = Promise.withResolvers<never>();
  const onAbort = () => over.reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([over.promise, work]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
