import type { Teller } from "../launch/smoke-run.ts";
import type { Progress } from "./progress.ts";

/** A teller that can be closed: what ends late is not shown any more. */
export interface Board extends Teller {
  readonly close: () => void;
}

/** Shows everything under way on one progress line: `sft + sampler: step 3/120 · vLLM is loading`. */
export function openBoard(progress: Progress): Board {
  const underWay = new Map<string, string>();
  let closed = false;
  const show = () => {
    if (closed) return;
    if (underWay.size === 0) return progress.stop();
    const details = [...underWay.values()].filter(Boolean);
    progress.update([...underWay.keys()].join(" + "), details.join(" · "));
  };
  return {
    update: (what, detail = "") => {
      underWay.set(what, detail);
      show();
    },
    end: (what) => {
      if (underWay.delete(what)) show();
    },
    say: progress.say,
    close: () => {
      closed = true;
      progress.stop();
    },
  };
}
