/** Waits until some work has ended, well or not, but no longer than this, nor once `hurry` comes. */
export async function atMost(
  ms: number,
  work: Promise<unknown>,
  hurry?: AbortSignal,
): Promise<void> {
  const enough = Promise.withResolvers<void>();
  const timer = setTimeout(enough.resolve, ms);
  const onHurry = () => enough.resolve();
  if (hurry?.aborted) onHurry();
  hurry?.addEventListener("abort", onHurry, { once: true });
  try {
    await Promise.race([enough.promise, Promise.allSettled([work])]);
  } finally {
    clearTimeout(timer);
    hurry?.removeEventListener("abort", onHurry);
  }
}
