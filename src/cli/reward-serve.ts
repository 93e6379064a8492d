import { Command, InvalidArgumentError, Option } from "commander";
import { defaultParameters, profileNames } from "../core/rewards/profiles.ts";
import { defaultQueue, defaultScoring, defaultWorkers, solverNames } from "../reward/settings.ts";
import type { Io } from "./io.ts";
import { finiteNumber, wholeNumber } from "./numbers.ts";

const mebibyte = 1024 * 1024;

/** `r1sgg reward serve`: rewards of completions, as a service. */
export const serveCommand = (io: Io): Command =>
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
        .choices(profileNames)
        .default(defaultScoring.profile),
    )
    .addOption(
      new Option("--solver <name>", "who matches objects; exact has SciPy's order of ties")
        .choices(solverNames)
        .default(defaultScoring.solver),
    )
    .option(
      "--similarity <choice>",
      "whose word similarity: native (spaCy's), exact (equal names), or the address of a server",
      defaultScoring.similarity,
    )
    .option("--format-weight <w>", "of format_reward", finiteNumber, defaultParameters.formatWeight)
    .option(
      "--node-weight <w>",
      "of node_acc_reward and node_box_reward",
      finiteNumber,
      defaultParameters.nodeWeight,
    )
    .option("--edge-weight <w>", "of the edge rewards", finiteNumber, defaultParameters.edgeWeight)
    .option(
      "--node-weights <λ1,λ2,λ3>",
      "of the similarity, IoU and L1 in node_reward (profile paper)",
      threeNumbers,
      defaultParameters.nodeWeights,
    )
    .option("--lenient-format", "give half of the format reward to a valid answer without tags")
    .option("--token-file <file>", "file with the token that requests must carry")
    .option("--log <file>", "append each answer to this file, one line of JSON a request")
    .option("--ready-file <file>", 'write {"url"} to this file once requests are answered')
    .option(
      "--workers <count>",
      "threads that score; 0 scores in the thread that answers /health",
      wholeNumber(0),
      defaultWorkers(),
    )
    .optionsGroup("Limits of one completion; over them it scores 0 and costs only itself:")
    .option(
      "--max-characters <count>",
      "its length",
      wholeNumber(1),
      defaultScoring.limits.characters,
    )
    .option("--max-objects <count>", "its objects", wholeNumber(1), defaultScoring.limits.objects)
    .option(
      "--max-relationships <count>",
      "its relationships",
      wholeNumber(1),
      defaultScoring.limits.relationships,
    )
    .option("--completion-ms <ms>", "time to score it", wholeNumber(1), defaultScoring.completionMs)
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
          profile: options.profile,
          parameters: {
            formatWeight: options.formatWeight,
            nodeWeight: options.nodeWeight,
            edgeWeight: options.edgeWeight,
            strictFormat: options.lenientFormat !== true,
            nodeWeights: options.nodeWeights,
          },
          solver: options.solver,
          similarity: options.similarity,
          limits: {
            characters: options.maxCharacters,
            objects: options.maxObjects,
            relationships: options.maxRelationships,
          },
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

function threeNumbers(value: string): readonly number[] {
  const numbers = value.split(",").map(finiteNumber);
  if (numbers.length === 3) return numbers;
  throw new InvalidArgumentError("Expected three numbers with commas between.");
}

function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a number from 0 to 65535.");
}
