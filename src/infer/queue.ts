/** A question to be put, and how many tries have failed over it. */
export interface Job {
  readonly index: number;
  tried: number;
}

/** Questions in their order; those that are put back come after all others. */
export interface Queue {
  readonly take: () => Job | undefined;
  readonly putBack: (job: Job) => void;
  readonly isEmpty: () => boolean;
}

/** A queue of questions, by their numbers. */
export function queueOf(jobs: readonly number[]): Queue {
  const again: Job[] = [];
  let next = 0;
  return {
    take: () => {
      const index = jobs[next];
      if (index === undefined) return again.shift();
      next += 1;
      return { index, tried: 0 };
    },
    putBack: (job) => void again.push(job),
    isEmpty: () => next === jobs.length && again.length === 0,
  };
}
