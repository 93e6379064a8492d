import { Command } from "commander";
import { SggError } from "../errors.ts";
import type { Finding } from "../launch/doctor/finding.ts";
import type { Io } from "./io.ts";

/** `r1sgg doctor`: what this machine has and lacks, each with its mend. */
export const doctorCommand = ({ print }: Io): Command =>
  new Command("doctor")
    .description(
      "look at this machine and its container engine: what is there, what is missing, and the mend",
    )
    .option("--cluster <file>", "look at the cluster of a profile instead, from its login node")
    .option("--json", "print JSON", false)
    .action(async ({ cluster, json }: { cluster?: string; json: boolean }) => {
      const findings = await (cluster === undefined ? lookAround() : lookAtProfile(cluster));
      print(json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(toText).join(""));
      const faults = findings.filter(({ level }) => level === "fault");
      if (faults.length === 0) return;
      const names = faults.map(({ name }) => name).join(", ");
      throw new SggError(
        "LAUNCH",
        `Cannot run on this ${cluster === undefined ? "machine" : "cluster"} as it is: ${names}, expected no fault`,
      );
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

const marks = { ok: "ok", warning: "warn", fault: "FAULT" } as const;

const toText = ({ name, level, found, mend }: Finding): string =>
  `${marks[level].padEnd(5)}  ${name}: ${found}\n${mend === undefined ? "" : `       → ${mend}\n`}`;
