import { join, resolve } from "node:path";
import { SggError } from "../errors.ts";
import type { Acceptance } from "../report/acceptance/acceptance.ts";
import type { Io } from "./io.ts";

/** What `r1sgg doctor --accept` is told. */
export interface AcceptOptions {
  readonly device: "auto" | "cpu" | "cuda";
  readonly gpus?: number;
  readonly model?: string;
  readonly out?: string;
  readonly json: boolean;
}

/**
 * Proves a machine with short real runs, or rehearses that on the CPU.
 *
 * Errors: SggError LAUNCH without a GPU, where no rehearsal is asked for; ROLE when a check failed or was
 * not reached; INTERRUPTED
 */
export async function acceptMachine(options: AcceptOptions, io: Io): Promise<void> {
  const { localMachine } = await import("../launch/local-machine.ts");
  const { acceptGpus, planAcceptance } = await import("../plan/acceptance.ts");
  const { accept, planRuns } = await import("../launch/accept/accept.ts");
  const machine = await localMachine();
  const gpus = gpusOf(options, machine.gpusPerNode) ?? acceptGpus(machine.gpusPerNode);
  const kit = planAcceptance(gpus, options.model ?? null);
  await planRuns(kit, machine); // what does not fit is told before anything is installed
  const out = resolve(options.out ?? join("runs", `acceptance-${kit.gpus || "cpu"}`));
  if (kit.rehearsal !== null) io.warn(`${kit.rehearsal}\n`);
  const { showProgress } = await import("./progress.ts");
  const { openBoard } = await import("./board.ts");
  const board = openBoard(showProgress());
  let acceptance: Acceptance;
  try {
    const facts = await factsOf(kit.gpus === 0 ? "cpu" : "cuda", board.say);
    acceptance = await accept(kit, { out, machine, facts, tell: board });
  } finally {
    board.close();
  }
  const { acceptanceText } = await import("../report/acceptance/acceptance.ts");
  io.print(options.json ? `${JSON.stringify(acceptance, null, 2)}\n` : acceptanceText(acceptance));
  io.warn(`record: ${join(out, "acceptance.json")}\n`);
  refuseUnlessPassed(acceptance);
}

/** GPUs that were asked for; none for a rehearsal. */
function gpusOf({ device, gpus }: AcceptOptions, there: number): number | undefined {
  if (device === "cpu" && gpus !== undefined && gpus > 0)
    throw new SggError("USAGE", `Cannot rehearse with --gpus ${gpus}, expected --device cpu alone`);
  if (device === "cpu") return 0;
  if (there === 0 || gpus === 0)
    throw new SggError(
      "LAUNCH",
      `Cannot accept this machine: ${gpus === 0 ? "--gpus 0" : "nvidia-smi lists no GPU"}, expected one or more (--device cpu rehearses the kit, which proves nothing about GPUs)`,
    );
  return gpus;
}

async function factsOf(device: "cpu" | "cuda", say: (text: string) => void) {
  const { ensurePythonEnv } = await import("../launch/python-env.ts");
  const { machineFacts } = await import("../launch/accept/machine-facts.ts");
  const { interruptible } = await import("./interruptible.ts");
  const words = (signal: string) => `The acceptance was interrupted by ${signal}`;
  return interruptible(words, async (signal) =>
    machineFacts(await ensurePythonEnv({ device, say, signal }), device),
  );
}

function refuseUnlessPassed({ verdict, checks }: Acceptance): void {
  if (verdict === "passed") return;
  const bad = checks.filter((check) => check.verdict === "failed" || check.verdict === "open");
  const names = bad.map(({ name, verdict }) => `${name} (${verdict})`).join(", ");
  throw new SggError("ROLE", `Cannot accept this machine: ${names}, expected every check to pass`);
}
