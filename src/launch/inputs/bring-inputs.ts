import { access, lstat, mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { familyNamed } from "../../core/models/families.ts";
import { SggError } from "../../errors.ts";
import type { RunInput } from "../../plan/run-input.ts";
import type { RunPlan } from "../../plan/run-plan.ts";
import type { Teller } from "../smoke-run.ts";
import { madeByRun } from "./made-by-run.ts";
import { writeQuestions } from "./questions-input.ts";
import { writeRows } from "./rows-input.ts";

/** How a program of the worker's environment ended. */
export interface ToolEnd {
  readonly stdout: string;
  readonly stderr: string;
  readonly failed: boolean;
}

/** Runs a program of the worker's environment to its end, in the run folder. */
export type RunTool = (program: string, args: readonly string[]) => Promise<ToolEnd>;

/** What bringing inputs needs. */
export interface Bringing {
  readonly runDir: string;
  /** Where runs are whose results this one starts from. */
  readonly runsDir: string;
  readonly runTool: RunTool;
  readonly tell: Teller;
  readonly signal: AbortSignal;
}

/**
 * Brings a plan's inputs into its run folder: links, rows with their prompts, a model of the Hub.
 *
 * What an earlier start brought stays as it is, so that a run goes on with what it began with. Rows come
 * first: a tiny model and questions are made of them.
 *
 * Errors: SggError DATA or LAUNCH that names what is missing
 */
export async function bringInputs(
  { inputs, family, image }: Pick<RunPlan, "inputs" | "family" | "image">,
  bringing: Bringing,
): Promise<void> {
  const { runDir, tell, signal } = bringing;
  const named = family === null ? undefined : familyNamed(family);
  const limits = image && { minPixels: image.min_pixels, maxPixels: image.max_pixels };
  const model = named && limits ? { family: named, limits } : undefined;
  const rows = Object.entries(inputs).filter(([, input]) => input.kind === "rows");
  const others = Object.entries(inputs).filter(([, input]) => input.kind !== "rows");
  for (const [at, input] of [...rows, ...others]) {
    const out = join(runDir, at);
    if (
      await lstat(out).then(
        () => true,
        () => false,
      )
    )
      continue;
    await mkdir(dirname(out), { recursive: true });
    tell.update(at, "bringing it");
    if (input.kind === "rows") await writeRows(input, { out, model, tell, signal });
    else if (input.kind === "questions") await writeQuestions(input, out, bringing);
    else if (input.kind === "tiny-model") await makeTinyModel(input.config, out, bringing);
    else await symlink(await target(input, bringing), out);
    tell.end(at);
  }
}

type Linked = Exclude<RunInput, { readonly kind: "rows" | "questions" | "tiny-model" }>;

async function target(input: Linked, bringing: Bringing): Promise<string> {
  if (input.kind === "run") return madeByRun(input, bringing.runsDir);
  if (input.kind === "model") return fetchModel(input, bringing);
  await access(input.path).catch((cause: Error) => {
    throw new SggError("DATA", `Cannot use "${input.path}": no such file or folder, expected one`, {
      cause,
    });
  });
  return input.path;
}

/** The folder of a model of the Hub, by its own client, which goes on with a half download. */
async function fetchModel(
  { id, revision }: Extract<RunInput, { readonly kind: "model" }>,
  { runTool }: Bringing,
): Promise<string> {
  const args = ["download", id, ...(revision === null ? [] : ["--revision", revision]), "--quiet"];
  const { stdout, stderr, failed } = await runTool("hf", args);
  const folder = stdout.trim().split("\n").at(-1);
  if (!failed && folder) return folder;
  throw new SggError(
    "LAUNCH",
    `Cannot fetch model "${id}": ${reasonIn(stderr)}, expected it on the Hub or in HF_HOME`,
  );
}

/** What the Hub's client says: the line with its error, which hints may follow. */
function reasonIn(stderr: string): string {
  const lines = stderr.trim().split("\n");
  const error = lines.find((line) => /^Error\b/.test(line)) ?? lines.at(-1);
  return error?.replace(/^Error: /, "").replace(/\.$/, "") || "no answer";
}

/** A random model, made by the worker of the rows' words. */
async function makeTinyModel(config: string, out: string, { runTool }: Bringing): Promise<void> {
  await rm(out, { recursive: true, force: true });
  const args = ["-m", "r1sgg_worker", "tiny-model", config];
  const made = await runTool("python", args);
  if (!made.failed) return;
  await rm(out, { recursive: true, force: true });
  const said = made.stderr.trim().split("\n").at(-1) ?? "no reason";
  throw new SggError(
    "LAUNCH",
    `Cannot make the tiny model: ${said}, expected a folder at "${out}"`,
  );
}
