import { Command, InvalidArgumentError, Option } from "commander";
import { profiles } from "../core/rewards/profiles.ts";
import type { Io } from "./io.ts";

/** `r1sgg reward`: rewards of completions, as a service. */
export const rewardCommand = (io: Io): Command =>
  new Command("reward")
    .description("score what a model answers against scene graphs")
    .addCommand(serveCommand(io));

const serveCommand = (io: Io): Command =>
  new Command("serve")
    .description("serve rewards over HTTP (POST /v1/rewards) until SIGTERM or Ctrl-C")
    .option(
      "--host <name>",
      "address to listen on; one that others reach needs --token-file",
      "127.0.0.1",
    )
    .option("--port <number>", "port to listen on, 0 picks a free one", parsePort, 8765)
    .addOption(
      new Option("--profile <name>", "whose rewards")
        .choices(Object.keys(profiles))
        .default("release"),
    )
    .option("--token-file <file>", "file with the token that requests must carry")
    .option("--log <file>", "append each answer to this file, one line of JSON a request")
    .option("--ready-file <file>", 'write {"url"} to this file once requests are answered')
    .action(async (options) => {
      const { serveRewards } = await import("../reward/serve.ts");
      await serveRewards({ ...options, io });
    });

function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a number from 0 to 65535.");
}
