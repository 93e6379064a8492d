import { SggError } from "../errors.ts";
import { Failure } from "./attempt.ts";
import type { Backoff } from "./backoff.ts";
import { allLost, freest, type Hand, newHand, nextTime, noteAnswer, noteFailure } from "./hand.ts";
import { type Job, queueOf } from "./queue.ts";

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

/** So many questions refused, and none answered, tell that no other will be. */
const refusalsThatTell = 10;

/**
 * Has servers answer questions, each as fast as it can, and moves the work of one that fails.
 *
 * A question whose try failed goes behind all others, so that one which brings servers down does so
 * last. A server that failed rests for a drawn time that grows, then is tried with one question. What
 * may be the question's fault (it was under way as the server broke) is counted against it; a server
 * that is away or busy says nothing about it.
 *
 * Errors: SggError LAUNCH when no server is left, or none accepts any question; what `ask` throws
 * beside Failure; the reason of `signal`. Nothing is under way any more then.
 */
export async function shareOut<Server extends Asked>(
  options: ShareOutOptions<Server>,
): Promise<readonly Tally[]> {
  const { concurrency, patienceMs, signal } = options;
  const hands = options.servers.map((server) => newHand(server, server.found, performance.now()));
  const queue = queueOf(options.jobs);
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  const over = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;

  const end = (cause: unknown) => {
    stop.abort(cause);
    over.reject(cause);
  };
  const judge = judgeOf(options, hands, queue.putBack);
  const start = (hand: Hand<Server>, job: Job) => {
    const askedAt = performance.now();
    hand.underWay += 1;
    const how = { trial: hand.health.failures > 0, signal: stop.signal };
    const work = options
      .ask(job.index, hand.server, how)
      .then(
        () => judge.answered(hand),
        (cause: unknown) => stop.signal.aborted || judge.failed(hand, job, askedAt, cause),
      )
      .then(() => {}, end)
      .finally(() => {
        hand.underWay -= 1;
        running.delete(work);
        turn();
      });
    running.add(work);
  };
  /** Gives out what can be given out now, and sees whether it is over. */
  const turn = () => {
    clearTimeout(timer);
    if (stop.signal.aborted) return;
    const now = performance.now();
    if (running.size === 0 && queue.isEmpty()) return over.resolve();
    if (running.size === 0 && allLost(hands, patienceMs, now)) return end(noneLeft(hands));
    while (!queue.isEmpty()) {
      const hand = freest(hands, concurrency, now);
      if (hand === undefined) break;
      start(hand, queue.take()!);
    }
    const wake = queue.isEmpty() ? undefined : nextTime(hands, patienceMs, now);
    if (wake !== undefined) timer = setTimeout(turn, wake - now);
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

/** What an answer or a failure means for its server and its question. */
function judgeOf<Server extends Asked>(
  { proven, tries, backoff, giveUp, say }: ShareOutOptions<Server>,
  hands: readonly Hand<Server>[],
  putBack: (job: Job) => void,
) {
  let refusals = 0;
  const tell = ({ server }: Hand<Server>, words: string | undefined) => {
    if (words !== undefined) say?.(`${server.url} ${words}`);
  };
  return {
    answered: (hand: Hand<Server>): void => {
      hand.answered += 1;
      tell(hand, noteAnswer(hand));
    },
    /** Errors: the cause, where it is no Failure; SggError LAUNCH when all have been refused so far. */
    failed: (hand: Hand<Server>, job: Job, askedAt: number, cause: unknown): void => {
      if (!(cause instanceof Failure)) throw cause;
      const reason = `${hand.server.url} ${cause.message}`;
      if (cause.kind === "refused") {
        tell(hand, noteAnswer(hand));
        giveUp(job.index, reason);
        refusals += 1;
        const accepted = proven || hands.some(({ answered }) => answered > 0);
        if (!accepted && refusals >= refusalsThatTell) throw noneAccepted(refusals, reason);
        return;
      }
      tell(hand, noteFailure(hand, cause, { askedAt, now: performance.now() }, backoff));
      if (cause.kind === "broken") job.tried += 1;
      if (job.tried < tries) putBack(job);
      else giveUp(job.index, `${reason}, after ${job.tried} tries`);
    },
  };
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
