import { Command, InvalidArgumentError } from "commander";
import { defaultQueue, defaultScoring, defaultWorkers } from "../reward/settings.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./numbers.ts";
import { completionMs, scoringOf, withLimits, withScoring } from "./reward-options.ts";

const mebibyte = 1024 * 1024;

/** `r1sgg reward serve`: rewards of completions, as a service. */
export const serveCommand = (io: Io): Command =>
  withLimits(withScoring(withAddress(new Command("serve"))))
    .addOption(completionMs())
    .optionsGroup("Limits of one request; over them it is refused:")
    .option(
      "--max-completions <count>",
      "its completions (422)",
      wholeNumber(1),
      defaultScoring.maxCompletions,
    )
    .option(
      "--max-body <MiB>",
      "its body, unpacked (413)",
      wholeNumber(1),
      defaultScoring.maxBodyBytes / mebibyte,
    )
    .option(
      "--max-heap <MiB>",
      "memory that it may need once parsed (413)",
      wholeNumber(64),
      defaultScoring.heapMiB,
    )
    .option(
      "--request-ms <ms>",
      "time in which a worker must answer it (500)",
      wholeNumber(1),
      defaultQueue.requestMs,
    )
    .optionsGroup("Limits of all requests together; over them one is a 503 to be sent again:")
    .option(
      "--max-pending <count>",
      "requests that are not answered yet",
      wholeNumber(1),
      defaultQueue.maxPending,
    )
    .option(
      "--max-pending-body <MiB>",
      "their bodies",
      wholeNumber(1),
      defaultQueue.maxPendingBytes / mebibyte,
    )
    .option(
      "--grace-ms <ms>",
      "time for what has come in, when told to stop",
      wholeNumber(0),
      8_000,
    )
    .action(async (options) => {
      const { serveRewards } = await import("../reward/serve.ts");
      await serveRewards({
        ...options,
        settings: {
          ...defaultScoring,
          ...scoringOf(options),
          completionMs: options.completionMs,
          maxCompletions: options.maxCompletions,
          maxBodyBytes: options.maxBody * mebibyte,
          heapMiB: options.maxHeap,
        },
        queue: {
          maxPending: options.maxPending,
          maxPendingBytes: options.maxPendingBody * mebibyte,
          requestMs: options.requestMs,
        },
        io,
      });
    });

/** Adds where it listens, who may ask, and what it writes. */
const withAddress = (command: Command): Command =>
  command
    .description("serve rewards over HTTP (POST /v1/rewards) until SIGTERM or Ctrl-C")
    .option(
      "--host <name>",
      "address to listen on; one that others reach needs --token-file",
      "127.0.0.1",
    )
    .option("--port <number>", "port to listen on, 0 picks a free one", parsePort, 8765)
    .option("--token-file <file>", "file with the token that requests must carry")
    .option("--log <file>", "append each answer to this file, one line of JSON a request")
    .option("--ready-file <file>", 'write {"url"} to this file once requests are answered')
    .option(
      "--workers <count>",
      "threads that score; 0 scores in the thread that answers /health",
      wholeNumber(0),
      defaultWorkers(),
    );

function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a number from 0 to 65535.");
}
