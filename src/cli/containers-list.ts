import { Command } from "commander";
import { align } from "./columns.ts";
import type { Io } from "./io.ts";

/** `r1sgg containers list`: our images on the engine. */
export const containersListCommand = ({ print, warn }: Io): Command =>
  new Command("list")
    .description("list the images that the engine has")
    .option("--json", "print JSON", false)
    .action(async ({ json }: { json: boolean }) => {
      const { connect } = await import("../launch/docker/engine.ts");
      const { listImages } = await import("../launch/docker/list-images.ts");
      const engine = await connect();
      const all = await listImages(engine);
      if (json) return print(`${JSON.stringify(all, null, 2)}\n`);
      if (all.length === 0)
        return warn(`no images of r1sgg on "${engine.host}": r1sgg containers build\n`);
      print(
        align([
          ["REFERENCE", "VARIANT", "ID", "SIZE", "BUILT", "BASE"],
          ...all.map((one) => [
            ...[one.reference, one.variant, one.id.slice(7, 19)],
            ...[`${Math.round(one.bytes / 1e6)} MB`, one.created.slice(0, 16).replace("T", " ")],
            one.base,
          ]),
        ]),
      );
    });
