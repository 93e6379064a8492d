import { Command } from "commander";
import { containersBuildCommand } from "./containers-build.ts";
import { containersDoctorCommand } from "./containers-doctor.ts";
import { containersListCommand } from "./containers-list.ts";
import { containersPruneCommand } from "./containers-prune.ts";
import { containersPushCommand } from "./containers-push.ts";
import type { Io } from "./io.ts";

/** `r1sgg containers`: the images of reward endpoint, sampler and worker, and old containers. */
export const containersCommand = (io: Io): Command =>
  new Command("containers")
    .description("build, list and push the images; remove containers of dead runs")
    .addCommand(containersBuildCommand(io))
    .addCommand(containersListCommand(io))
    .addCommand(containersPushCommand(io))
    .addCommand(containersPruneCommand(io))
    .addCommand(containersDoctorCommand(io));
