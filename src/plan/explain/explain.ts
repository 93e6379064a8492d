import type { RunInput } from "../run-input.ts";
import type { Estimate, PlanRole, RunPlan } from "../run-plan.ts";
import { drawNodes } from "./drawing.ts";
import { wrapped } from "./wrap.ts";

/** Columns before a line's text. */
const indent = 10;

/** A plan for people: its nodes with their roles, the arithmetic, hours, inputs and warnings. */
export function explainPlan(plan: RunPlan, columns: number): string {
  const { stage, backend, warnings } = plan;
  const lines: readonly (readonly [string, string | null])[] = [
    ["Start", startOrder(plan)],
    ["Batch", batch(plan)],
    ["Steps", steps(plan)],
    ["Memory", memory(plan)],
    ["Time", time(plan)],
    ["", plan.estimate.source && `step time: ${plan.estimate.source}`],
    ...Object.entries(plan.inputs).map(
      ([at, input], i) => [i === 0 ? "Inputs" : "", `${at}: ${describe(input)}`] as const,
    ),
    ...warnings.map((text, i) => [i === 0 ? "Warnings" : "", text] as const),
  ];
  const told = lines.flatMap(([heading, text]) =>
    text === null ? [] : [wrapped(heading, text, columns, indent)],
  );
  const title = wrapped("", `${plan.id}: ${stage} on ${where(plan)}, by ${backend}`, columns, 0);
  return `${[title, "", drawNodes(plan, columns), "", ...told].join("\n")}\n`;
}

function where({ topology, device }: RunPlan): string {
  const { nodes, gpusPerNode: gpus, gpu } = topology;
  if (gpus === 0) return "CPUs";
  const named = gpu === null ? "" : ` (${gpu})`;
  const each = `${gpus} ${device === "cpu" ? "place" : "GPU"}${gpus === 1 ? "" : "s"}`;
  const what = device === "cpu" ? `${each} without GPU` : `${each}${named}`;
  return nodes === 1 ? what : `${nodes} nodes of ${what}`;
}

/** Roles in waves: services, tasks that wait for them or for nothing, tasks that wait for tasks. */
function startOrder({ roles }: RunPlan): string {
  const services = roles.filter(({ kind }) => kind === "service");
  const tasks = roles.filter(({ kind }) => kind === "task");
  const isTask = new Set(tasks.map(({ name }) => name));
  const [later = [], first = []] = [true, false].map((late) =>
    tasks.filter(({ after }) => after.some((name) => isTask.has(name)) === late),
  );
  const namesOf = (some: readonly PlanRole[]) => ranges(some.map(({ name }) => name)).join(", ");
  return [
    ...(services.length > 0 ? [`${namesOf(services)} ready`] : []),
    ...(first.length > 0 ? [namesOf(first)] : []),
    ...(later.length > 0 ? [namesOf(later)] : []),
  ].join(" → ");
}

/** Several samplers in a row as the first and the last of them. */
function ranges(names: readonly string[]): readonly string[] {
  const samplers = names.filter((name) => name.startsWith("sampler-"));
  if (samplers.length < 4) return names;
  const rest = names.filter((name) => !samplers.includes(name));
  return [...rest, `${samplers[0]} to ${samplers.at(-1)}`];
}

function batch({ stage, arithmetic }: RunPlan): string | null {
  const { trainers, perStep, perDevice, accumulation, group } = arithmetic;
  if (trainers === 0) return null;
  const what =
    group === null
      ? `${perStep} rows a step`
      : `${perStep / group} prompts x ${group} = ${perStep} completions a step`;
  const word = stage === "grpo" ? "part" : "accumulation";
  return `${what} = ${trainers} trainer${trainers === 1 ? "" : "s"} x ${perDevice} a device x ${accumulation} ${word}${accumulation === 1 ? "" : "s"}`;
}

function steps({ stage, arithmetic, estimate }: RunPlan): string | null {
  const { steps: count, rows, checkpointEvery } = arithmetic;
  if (count === null) return stage === "eval" ? null : "not known: the recipe states no rows";
  if (arithmetic.trainers === 0) return `${show(count)} images`;
  const of = rows === null ? "" : ` over ${show(rows)} rows`;
  const saved =
    checkpointEvery === null
      ? ", no checkpoint before the end"
      : `, a checkpoint every ${checkpointEvery}: ${estimate.checkpoints}`;
  const tokens = estimate.tokens === null ? "" : `; at most ${show(estimate.tokens)} tokens`;
  return `${show(count)}${of}${saved}${tokens}`;
}

function memory({ memory: held }: RunPlan): string | null {
  if (held === null) return null;
  const { weights, gradients, optimiser, sampler, available } = held;
  const sum = weights + gradients + optimiser + sampler;
  const parts = [
    `${weights.toFixed(1)} weights`,
    `${gradients.toFixed(1)} gradients`,
    `${optimiser.toFixed(1)} optimiser`,
    ...(sampler > 0 ? [`${sampler.toFixed(1)} vLLM`] : []),
  ];
  const of = available === null ? "" : ` of ${available}`;
  return `${parts.join(" + ")} = ${sum.toFixed(1)}${of} GiB on a trainer's GPU, activations not counted`;
}

function time({ estimate, limits, stage }: RunPlan): string | null {
  const bound = limits.seconds === null ? "" : `attempts of ${hours(limits.seconds / 3600)}`;
  const again = limits.requeues > 0 ? `, up to ${limits.requeues + 1}` : ", one";
  const attempts = bound === "" ? "" : `${bound}${again}`;
  const known = cost(estimate, stage === "infer" || stage === "vqa" ? "an image" : "a step");
  return [known, attempts].filter((text) => text !== "").join("; ") || null;
}

const cost = ({ stepSeconds, hours: all, gpuHours }: Estimate, unit: string): string =>
  stepSeconds === null || all === null || gpuHours === null
    ? ""
    : `${hours(all)} at ${Number(stepSeconds.toPrecision(3))} s ${unit}; ${show(Math.ceil(gpuHours))} GPU hours`;

const hours = (value: number): string =>
  value < 1 ? `${Math.max(1, Math.round(value * 60))} min` : `${value.toFixed(1)} h`;

function describe(input: RunInput): string {
  switch (input.kind) {
    case "model":
      return `${input.id}${pinned(input.revision)}`;
    case "path":
      return input.path;
    case "run":
      return `${input.file} of ${input.name}`;
    case "questions":
      return `four-way questions about ${input.rows}`;
    case "tiny-model":
      return "a tiny model with random weights";
    case "rows": {
      const { from, prompt } = input;
      const source =
        "synth" in from
          ? `${show(from.synth.count)} drawn scenes`
          : "id" in from
            ? `${from.id}${pinned(from.revision ?? null)}`
            : from.path;
      return `${source}${prompt === null ? "" : `, asked with ${prompt.user} and ${prompt.system}`}`;
    }
  }
}

const pinned = (revision: string | null): string =>
  revision === null ? ", newest revision" : ` at ${revision.slice(0, 8)}`;

const show = (value: number): string => value.toLocaleString("en-US");
