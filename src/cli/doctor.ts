import { Command } from "commander";
import type { Finding } from "../launch/doctor/finding.ts";
import { tellFindings } from "./findings.ts";
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
      const what = cluster === undefined ? "machine" : "cluster";
      tellFindings(findings, { what, json, print });
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
