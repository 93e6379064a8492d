import type { Teller } from "../launch/smoke-run.ts";
import type { Progress } from "./progress.ts";

/** Shows everything under way on one progress line: `sft + sampler: step 3/120 · vLLM is loading`. */
export function tellOn(progress: Progress): Teller {
  const underWay = new Map<string, string>();
  const show = () => {
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
  };
}
