import { Command } from "commander";
import { paperSampling } from "../infer/chat.ts";
import { withPatienceOptions, withPixelOptions, withServerOptions } from "./ask-options.ts";
import { checkFlags, type InferFlags } from "./infer-options.ts";
import type { Io } from "./io.ts";
import { finiteNumber, wholeNumber } from "./numbers.ts";

/** `r1sgg infer`: images in, predictions.jsonl out, from vLLM servers. */
export const inferCommand = (io: Io): Command => {
  const command = new Command("infer")
    .description("ask vLLM servers for the scene graph of every image; goes on where it stopped")
    .requiredOption("--dataset <path>", "a .jsonl or .parquet file, or a folder that holds one set")
    .requiredOption("--out <file>", "predictions.jsonl; what it holds is not asked again");
  withServerOptions(command)
    .option("--system <prompt>", "system-short, system-think, or a file", "system-short")
    .option("--prompt <prompt>", "open, closed-vg150, closed-psg, or a file", "open")
    .option("--classes <list>", "the classes of a closed prompt: vg150, psg, or a JSON file")
    .option("--temperature <t>", "", finiteNumber, paperSampling.temperature)
    .option("--top-k <k>", "", wholeNumber(0), paperSampling.top_k)
    .option("--top-p <p>", "", finiteNumber, paperSampling.top_p)
    .option("--max-tokens <n>", "the longest answer", wholeNumber(1), paperSampling.max_tokens);
  return withPatienceOptions(withPixelOptions(command))
    .option("--dry-run", "print the first request and send nothing")
    .option("--json", "print the counts as JSON")
    .addHelpText("after", help)
    .action(async (flags: InferFlags, command: Command) => {
      checkFlags(flags, (name) => command.getOptionValueSource(name) === "cli");
      const { runInfer } = await import("./infer-run.ts"); // the image decoder takes a while to load
      await runInfer(flags, io);
    });
};

const help = `
Examples:
  r1sgg infer --dataset val.jsonl --servers http://gpu1:8000,http://gpu2:8000 --out predictions.jsonl
  r1sgg infer --dataset val.jsonl --launch 4 --model Qwen/Qwen2-VL-7B-Instruct --out predictions.jsonl

Exit code 5 and OUT.unanswered.jsonl when some image got no answer; the same command asks those again.`;
