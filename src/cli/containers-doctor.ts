import { Command } from "commander";
import { tellFindings } from "./findings.ts";
import type { Io } from "./io.ts";

/** `r1sgg containers doctor`: the container engine's part of `r1sgg doctor`. */
export const containersDoctorCommand = ({ print }: Io): Command =>
  new Command("doctor")
    .description("look at the container engine: what containers get from it, and the mend")
    .option("--json", "print JSON", false)
    .action(async ({ json }: { json: boolean }) => {
      const { lookAtEngine } = await import("../launch/doctor/engine.ts");
      tellFindings(await lookAtEngine(), { what: "engine", json, print });
    });
