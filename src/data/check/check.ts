import { availableParallelism } from "node:os";
import { extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { ClassNames } from "../../core/classes/class-names.ts";
import { SggError } from "../../errors.ts";
import type { Fault } from "../fault.ts";
import { idsSeen } from "../ids-seen.ts";
import type { DatasetCheck } from "../load.ts";
import { datasetFiles } from "../shards.ts";
import { checkPart, type Part, type PartChecked, placeIn } from "./part.ts";
import { type PartSize, partsOf } from "./parts.ts";

/** How a dataset is checked. */
export interface CheckOptions {
  readonly images: boolean;
  readonly classes?: ClassNames | undefined;
  /** Most threads; each takes about 150 MB. */
  readonly threads?: number;
  readonly onRows?: (rows: number) => void;
  readonly partSize?: PartSize;
}

/** Memory is to stay below 500 MB, and more threads than this bring little: the disk is busy. */
const mostThreads = 2;

/**
 * MiB of a thread's young objects. With the default rows and images of long ago lie about: measured
 * 620 MB in all and a tenth more time, against 440.
 */
const youngMiB = 48;

/**
 * Checks a dataset in several threads, with no row kept: what {@link checkDataset} finds, in its
 * order.
 *
 * A dataset of one part is checked where we are: threads take longer to start than it takes.
 *
 * Errors: SggError DATA when there is no file to read, or one that cannot be read.
 */
export async function checkInThreads(path: string, options: CheckOptions): Promise<DatasetCheck> {
  const files = await datasetFiles(path);
  const { images, classes, onRows, partSize } = options;
  const threads = options.threads ?? Math.min(availableParallelism(), mostThreads);
  const workshop = openWorkshop(threads);
  const again = idsSeen();
  const faults: Fault[] = [];
  let rows = 0;
  const take = (part: Part, checked: PartChecked) => {
    if ("cannot" in checked) throw new SggError(checked.cannot.code, checked.cannot.message);
    for (const [index, at] of checked.at.entries()) {
      const twice = again(checked.ids[index] || undefined, placeIn(part, at));
      if (twice) faults.push(twice);
      for (const fault of checked.faults.get(index) ?? []) faults.push(fault); // may be a million
    }
    rows += checked.at.length;
    onRows?.(rows);
  };
  try {
    const parts = partsOf(files, { images, classes }, partSize);
    for await (const [part, checked] of inOrder(parts, workshop)) take(part, checked);
  } finally {
    await workshop.close();
  }
  if (rows === 0) faults.push({ found: "no rows", expected: "at least one" });
  return { path: files.length === 1 ? files[0]! : resolve(path), rows, faults };
}

interface Workshop {
  readonly atOnce: number;
  readonly check: (part: Part) => Promise<PartChecked>;
  readonly close: () => Promise<void>;
}

/** Threads that start with the second part. */
function openWorkshop(threads: number): Workshop {
  let pool: Piscina<Part, PartChecked> | undefined;
  return {
    atOnce: threads + 1,
    check: (part) => {
      pool ??= new Piscina({
        filename: fileURLToPath(new URL(`part${extname(import.meta.filename)}`, import.meta.url)),
        name: "checkPart",
        ...{ minThreads: 1, maxThreads: threads, concurrentTasksPerWorker: 1 },
        resourceLimits: { maxYoungGenerationSizeMb: youngMiB },
        atomics: "disabled", // else an idle thread sleeps through what it reads
      });
      const checked = pool.run(part);
      checked.catch(() => {}); // an earlier part may fail first, and then nobody waits for this one
      return checked;
    },
    close: async () => pool?.destroy(),
  };
}

/** Each part with what came of it, in order; a few more are under way than there are threads. */
async function* inOrder(
  parts: AsyncGenerator<Part>,
  { atOnce, check }: Workshop,
): AsyncGenerator<readonly [Part, PartChecked]> {
  const first = await parts.next();
  if (first.done) return;
  const second = await parts.next();
  if (second.done) return yield [first.value, await checkPart(first.value)];
  const begin = (part: Part) => ({ part, checked: check(part) });
  const underWay = [begin(first.value), begin(second.value)];
  for await (const part of parts) {
    underWay.push(begin(part));
    if (underWay.length <= atOnce) continue;
    const { part: next, checked } = underWay.shift()!;
    yield [next, await checked];
  }
  for (const { part, checked } of underWay) yield [part, await checked];
}
