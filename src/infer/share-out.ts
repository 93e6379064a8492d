import { SggError } from "../errors.ts";
import { Failure } from "./attempt.ts";
import type { Backoff } from "./backoff.ts";
import { allLost, freest, type Hand, newHand, nextTime, noteAnswer, noteFailure } from "./hand.ts";

/** What there is to do, who does it, and how patient to be. */
export interface ShareOutOptions<Server extends Asked> {
  /** Numbers of the questions, in the order in which they are first put. */
  readonly jobs: readonly number[];
  readonly servers: readonly Server[];
  /** Questions under way at a time, for each server. */
  readonly concurrency: number;
  /** Puts a question and keeps the answer. `trial`: the server has failed, and may be another now. */
  readonly ask: (
    job: number,
    server: Server,
    how: { readonly trial: boolean; readonly signal: AbortSignal },
  ) => Promise<void>;
  /** Told of a question that gets no answer. */
  readonly giveUp: (job: number, reason: string) => void;
  /** Failed tries at one question, at any server, until it is given up. */
  readonly tries: number;
  /** How long the servers may fail, all of them, until it is over. */
  readonly patienceMs: number;
  readonly backoff: Backoff;
  /** The servers have accepted such a question before. */
  readonly proven: boolean;
  readonly say?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** A server; `found` is why it cannot be asked, where that is known before. */
export interface Asked {
  readonly url: string;
  readonly found?: string;
}

/** What came of a server. */
export interface Tally {
  readonly url: string;
  readonly answered: number;
  readonly failures: number;
}

interface Job {
  readonly index: number;
  tried: number;
}

/** So many questions refused, and none answered, tell that no other will be. */
const refusalsThatTell = 10;

/**
 * Has servers answer questions, each as fast as it can, and moves the work of one that fails.
 *
 * A question whose try failed goes behind all others, so that one which brings servers down does so
 * last. A server that failed rests for a drawn time that grows, then is tried with one question. What
 * may be the question's fault (it was refused, or was under way as the server broke) is counted
 * against it; a server that is away or busy says nothing about it.
 *
 * Errors: SggError LAUNCH when no server is left, or none accepts any question; what `ask` throws
 * beside Failure; the reason of `signal`. Nothing is under way any more then.
 */
export async function shareOut<Server extends Asked>(
  options: ShareOutOptions<Server>,
): Promise<readonly Tally[]> {
  const { jobs, servers, concurrency, patienceMs, backoff, say, signal } = options;
  const hands = servers.map((server) => newHand(server, server.found, performance.now()));
  const again: Job[] = [];
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  const over = Promise.withResolvers<void>();
  let next = 0;
  let refusals = 0;
  let timer: NodeJS.Timeout | undefined;

  const end = (cause: unknown) => {
    stop.abort(cause);
    over.reject(cause);
  };
  const tell = ({ server }: Hand<Server>, words: string | undefined) => {
    if (words !== undefined) say?.(`${server.url} ${words}`);
  };
  const take = (): Job | undefined => {
    const index = jobs[next];
    if (index === undefined) return again.shift();
    next += 1;
    return { index, tried: 0 };
  };
  const fail = (hand: Hand<Server>, job: Job, askedAt: number, cause: unknown) => {
    if (stop.signal.aborted) return;
    if (!(cause instanceof Failure)) return end(cause);
    const reason = `${hand.server.url} ${cause.message}`;
    if (cause.kind === "refused") {
      tell(hand, noteAnswer(hand));
      options.giveUp(job.index, reason);
      refusals += 1;
      const accepted = options.proven || hands.some((one) => one.answered > 0);
      if (!accepted && refusals >= refusalsThatTell) end(noneAccepted(refusals, reason));
      return;
    }
    tell(hand, noteFailure(hand, cause, { askedAt, now: performance.now() }, backoff));
    if (cause.kind === "broken") job.tried += 1;
    if (job.tried < options.tries) again.push(job);
    else options.giveUp(job.index, `${reason}, after ${job.tried} tries`);
  };
  const start = (hand: Hand<Server>, job: Job) => {
    const askedAt = performance.now();
    hand.underWay += 1;
    const how = { trial: hand.health.failures > 0, signal: stop.signal };
    const work = options
      .ask(job.index, hand.server, how)
      .then(
        () => {
          hand.answered += 1;
          tell(hand, noteAnswer(hand));
        },
        (cause: unknown) => fail(hand, job, askedAt, cause),
      )
      .catch(end)
      .finally(() => {
        hand.underWay -= 1;
        running.delete(work);
        turn();
      });
    running.add(work);
  };
  const turn = () => {
    clearTimeout(timer);
    if (stop.signal.aborted) return;
    const now = performance.now();
    const left = () => next < jobs.length || again.length > 0;
    if (running.size === 0) {
      if (!left()) return over.resolve();
      if (allLost(hands, patienceMs, now)) return end(noneLeft(hands));
    }
    for (let hand = freest(hands, concurrency, now); hand && left(); ) {
      start(hand, take()!);
      hand = freest(hands, concurrency, now);
    }
    const wake = nextTime(hands, patienceMs, now);
    if (left() && wake !== undefined) timer = setTimeout(turn, wake - now);
  };

  const onAbort = () => end(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    signal?.throwIfAborted();
    turn();
    await over.promise;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    clearTimeout(timer);
    await Promise.allSettled(running);
  }
  return hands.map(({ server: { url }, answered, failures }) => ({ url, answered, failures }));
}

function noneLeft(hands: readonly Hand<Asked>[]): SggError {
  const found = hands.map(({ server, health }) => `${server.url} ${health.found}`).join("; ");
  return new SggError(
    "LAUNCH",
    `Cannot go on: no server is left (${found}), expected one that answers`,
  );
}

const noneAccepted = (refusals: number, reason: string): SggError =>
  new SggError(
    "LAUNCH",
    `Cannot go on: the first ${refusals} images were refused, the last because ${reason}, expected an answer to one`,
  );
