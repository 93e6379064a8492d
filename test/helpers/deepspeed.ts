import { ensureFolder } from "../../src/launch/python/tools-folder.ts";
import { machineSetup } from "../../src/launch/python-env.ts";
import { shipped } from "../../src/root.ts";

const spec = {
  name: "deepspeed",
  what: "DeepSpeed, for the test of its configurations",
  lock: shipped("containers/worker/requirements-deepspeed.txt"),
  bytes: 1e8,
};

/**
 * The folder with DeepSpeed and what it alone needs, to put on PYTHONPATH beside the CPU environment.
 *
 * Pure Python: none of its kernels is compiled. Only its own test gets it, since with it in sight
 * transformers, accelerate and TRL import it everywhere.
 *
 * @throws {SggError} LAUNCH when it cannot be installed
 */
export const ensureDeepspeed = (say: (text: string) => void): Promise<string> =>
  ensureFolder(spec, machineSetup({ say }));
