import type { InferProgress } from "../infer/count.ts";
import type { InferEnd } from "../infer/infer.ts";

/** The rate is that of so long. */
const windowMs = 60_000;
/** Fewer images than these tell no rate: the first wait for the servers to warm up. */
const enough = 10;

/** Puts into words how far inference is: images, rate of the last minute, time left. */
export function inferProgress(now: () => number = () => performance.now()) {
  const seen: { readonly at: number; readonly count: number }[] = [{ at: now(), count: 0 }];
  return ({ of, kept, answered, unanswered }: InferProgress): string => {
    const at = now();
    const count = answered + unanswered.length;
    seen.push({ at, count });
    while (seen.length > 2 && at - seen[0]!.at > windowMs) seen.shift();
    const { at: since, count: before } = seen[0]!;
    const perSecond = ((count - before) * 1000) / Math.max(1, at - since);
    const left = (of - kept - count) / perSecond;
    const missing = unanswered.length === 0 ? [] : [`${unanswered.length} unanswered`];
    const done = kept + answered;
    const rate = [`${perSecond.toPrecision(2)} a second`, `${inWords(left)} left`];
    return [`${done} of ${of} images`, ...missing, ...(count < enough ? [] : rate)].join(", ");
  };
}

/** A number of seconds as one would say it. */
export function inWords(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What came of it, in lines: the counts, then server by server. */
export function inferSummary({ of, kept, answered, unanswered, servers }: InferEnd): string[] {
  const failures = servers.reduce((sum, server) => sum + server.failures, 0);
  const tries = failures === 1 ? "1 try" : `${failures} tries`;
  const total = `${of} images: ${answered} answered now, ${kept} before, ${unanswered.length} unanswered; ${tries} failed`;
  return [
    total,
    ...servers.map((one) => `${one.url}: ${one.answered} answered, ${one.failures} failed`),
  ];
}
