import { unservedFamily } from "../../core/models/families.ts";
import type { Recipe, RecipeOf } from "../../recipe/recipe.ts";
import { clientShare } from "../role-share.ts";
import type { PlanRole, Word } from "../run-plan.ts";
import { at, type Context, pythonEnv } from "./context.ts";
import { samplerNames } from "./samplers.ts";

/** A task of the CLI on the head node's CPUs. */
const task = (
  { machine }: Context,
  name: string,
  command: readonly Word[],
  after: readonly string[],
): PlanRole => ({
  ...{ name, kind: "task", image: "reward", nodes: [0], gpus: [] },
  ...clientShare(machine),
  ...{ command: ["r1sgg", ...command], env: {}, after },
});

/** A user prompt as `--prompt` takes it: a closed one by its classes, a file by its place in the run. */
export function promptWords({ prompt, data }: RecipeOf<"infer">): readonly string[] {
  const { user, system } = prompt;
  const { classes } = data;
  const listed = classes !== undefined && !isFile(classes);
  const asked = isFile(user) ? at.user : user === "closed" && listed ? `closed-${classes}` : user;
  return [
    ...["--prompt", asked, "--system", isFile(system) ? at.system : system],
    ...(classes !== undefined && isFile(classes) ? ["--classes", at.classes] : []),
  ];
}

/** Names have neither; the loader has made paths absolute. */
export const isFile = (nameOrPath: string): boolean => /[/\\.]/.test(nameOrPath);

/** The URLs of all servers, one option each. */
const serverWords = ({ placement }: Context): readonly Word[] =>
  placement.servers.flatMap(({ node }, index): readonly Word[] => [
    "--servers",
    { url: `sampler-${index}`, on: node },
  ]);

/** The servers know the pixels; the client must know them too, to say what boxes go up to. */
const modelWords = ({
  recipe,
  base,
}: Context<RecipeOf<"infer"> | RecipeOf<"vqa">>): readonly string[] => [
  ...(base.family === null ? [] : ["--family", base.family]),
  ...["--min-pixels", String(recipe.image.min_pixels)],
  ...["--max-pixels", String(recipe.image.max_pixels), "--resize", "server"],
];

const samplingWords = ({ infer }: RecipeOf<"infer">): readonly string[] => [
  ...["--temperature", String(infer.temperature), "--top-k", String(infer.top_k)],
  ...["--top-p", String(infer.top_p), "--max-tokens", String(infer.max_tokens)],
  ...["--concurrency", String(infer.concurrency)],
];

/** A run that stands still for so long has lost its servers. */
const stallSeconds = 1800;

/** Asks the servers for the graph of every image. */
export function inferRole(context: Context<RecipeOf<"infer">>): PlanRole {
  const { recipe } = context;
  const command = [
    ...["infer", "--dataset", at.rows, "--out", "predictions.jsonl"],
    ...serverWords(context),
    ...modelWords(context),
    ...promptWords(recipe),
    ...samplingWords(recipe),
  ];
  const role = task(context, "infer", command, samplerNames(context));
  return { ...role, heartbeat: { path: "predictions.jsonl", stallSeconds } };
}

/** Judges the predictions, once for each way; the first way's figures are metrics.json. The figures of each image stand beside them. */
export const evalRoles = (context: Context<RecipeOf<"eval">>): readonly PlanRole[] => {
  const { data, seed, eval: options } = context.recipe;
  return options.compat.map((compat, index) => {
    const suffix = index === 0 ? "" : `-${compat}`;
    const out = `metrics${suffix}.json`;
    const strict = [
      ...["--match-names", options.match_names, "--threshold", String(options.threshold)],
      ...(data.train === undefined ? [] : ["--training-data", at.train]),
    ];
    const command = [
      ...["eval", "--dataset", at.rows, "--predictions", at.predictions, "--compat", compat],
      ...classWords(data.classes),
      ...(compat === "strict" ? strict : []),
      ...["--bootstrap", String(options.bootstrap), "--seed", String(seed), "--out", out],
      ...["--per-image", `per-image${suffix}.jsonl`],
    ];
    return task(context, `eval-${compat}`, command, []);
  });
};

const classWords = (classes: string | undefined): readonly string[] =>
  classes === undefined ? [] : ["--classes", isFile(classes) ? at.classes : classes];

/** Asks the servers the four-way questions. */
export function vqaRole(context: Context<RecipeOf<"vqa">>): PlanRole {
  const { recipe } = context;
  const { temperature, max_tokens, concurrency } = recipe.infer;
  const command = [
    ...["vqa", "run", "--questions", at.questions, "--out", "vqa"],
    ...["--settings", recipe.vqa.settings.join(",")],
    ...serverWords(context),
    ...modelWords(context),
    ...["--temperature", String(temperature), "--max-tokens", String(max_tokens)],
    ...["--concurrency", String(concurrency)],
  ];
  return task(context, "vqa", command, samplerNames(context));
}

/** Scores the answers once all are there, whoever asked: the run's metrics.json. */
export const vqaScoreRole = (context: Context<RecipeOf<"vqa">>): PlanRole =>
  task(
    context,
    "vqa-score",
    [
      ...["vqa", "score", "--questions", at.questions, "--predictions", "vqa"],
      ...["--out", "metrics.json"],
    ],
    ["vqa"],
  );

/** InstructBLIP, which vLLM does not serve: the worker asks it in batches on one GPU. */
export function vqaBatchRole(context: Context<RecipeOf<"vqa">>): PlanRole {
  const { placement, machine } = context;
  const role = task(context, "vqa", [], []);
  return {
    ...role,
    image: "worker",
    gpus: placement.servers[0]?.gpus ?? [],
    ...{ cpus: machine.cpusPerNode, memoryMib: machine.memoryMibPerNode },
    command: ["python", "-m", "r1sgg_worker", "vqa-batch", vqaBatchFile],
    env: pythonEnv(context),
    heartbeat: { path: "progress/vqa.jsonl", stallSeconds },
  };
}

/** Where the batch program's configuration stands in the run folder. */
export const vqaBatchFile = "artifacts/vqa.json";

/** What the batch program reads, name by name: `VqaBatchConfig` of the worker. */
export const vqaBatchConfig = ({ recipe, device }: Context<RecipeOf<"vqa">>) => ({
  model: at.model,
  questions: at.questions,
  out: "vqa",
  progress: "progress/vqa.jsonl",
  settings: recipe.vqa.settings,
  ...{ device, dtype: device === "cuda" ? "bfloat16" : "float32" },
  batch_size: recipe.infer.concurrency,
  max_tokens: recipe.infer.max_tokens,
});

/** Whether a recipe is for a model that no vLLM serves. */
export const isUnserved = ({ recipe, base }: Context<Recipe>): boolean =>
  recipe.stage === "vqa" && base.family === unservedFamily;
