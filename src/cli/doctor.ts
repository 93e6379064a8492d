import { Command, Option } from "commander";
import { SggError } from "../errors.ts";
import type { Finding } from "../launch/doctor/finding.ts";
import type { AcceptOptions } from "./doctor-accept.ts";
import { tellFindings } from "./findings.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";

interface DoctorOptions extends AcceptOptions {
  readonly cluster?: string;
  readonly accept: boolean;
}

/** `r1sgg doctor`: what this machine has and lacks, each with its mend; or proof that it can do the work. */
export const doctorCommand = (io: Io): Command =>
  new Command("doctor")
    .description(
      "look at this machine and its container engine: what is there, what is missing, and the mend",
    )
    .option("--cluster <file>", "look at the cluster of a profile instead, from its login node")
    .option("--accept", "prove this machine's GPUs with short real runs, and write a record", false)
    .addOption(
      new Option("--device <device>", "with --accept: cpu rehearses it where there is no GPU")
        .choices(["auto", "cpu", "cuda"])
        .default("auto"),
    )
    .option("--gpus <n>", "with --accept: so many (default: 4, 2 or 1)", wholeNumber(0))
    .option("--model <id>", "with --accept: a model of the Hub (default: a tiny one)")
    .option("--out <folder>", "with --accept: its folder (default: runs/acceptance-GPUS)")
    .option("--json", "print JSON", false)
    .action(async (options: DoctorOptions) => {
      const { cluster, json, accept } = options;
      if (accept) {
        if (cluster !== undefined)
          throw new SggError(
            "USAGE",
            "Cannot accept with --cluster, expected to be called on a node of it (srun)",
          );
        const { acceptMachine } = await import("./doctor-accept.ts");
        return acceptMachine(options, io);
      }
      const findings = await (cluster === undefined ? lookAround() : lookAtProfile(cluster));
      const what = cluster === undefined ? "machine" : "cluster";
      tellFindings(findings, { what, json, print: io.print });
    });

async function lookAround(): Promise<readonly Finding[]> {
  const { lookAtMachine } = await import("../launch/doctor/machine.ts");
  const { lookAtEngine } = await import("../launch/doctor/engine.ts");
  return [...(await lookAtMachine()), ...(await lookAtEngine())];
}

async function lookAtProfile(path: string): Promise<readonly Finding[]> {
  const { loadClusterProfile } = await import("../recipe/load-cluster-profile.ts");
  const { lookAtCluster } = await import("../launch/doctor/cluster.ts");
  return lookAtCluster(await loadClusterProfile(path));
}
