import type { PlanRole } from "../../plan/run-plan.ts";
import { stackArguments } from "../../plan/stack-call.ts";
import type { RunTool, ToolEnd } from "../inputs/bring-inputs.ts";
import type { Teller } from "../smoke-run.ts";
import { engineWords } from "./engine.ts";
import type { ImageRecord } from "./ensure-image.ts";

/**
 * Versions by package, as a container of the image tells in which Python runs; where it cannot, the
 * images; nothing where there is no Python.
 *
 * Errors: those of the engine
 */
export async function imageStack(
  images: Readonly<Record<string, ImageRecord>>,
  runIn: (image: PlanRole["image"]) => RunTool,
  { say }: Teller,
): Promise<Readonly<Record<string, string>>> {
  const image = (["worker", "sampler"] as const).find((name) => name in images);
  if (image === undefined) return {};
  const { stdout, stderr, failed } = await runIn(image)("python", stackArguments).catch(notStarted);
  if (!failed) return JSON.parse(stdout) as Readonly<Record<string, string>>;
  say(`the versions in image ${image} are not noted: its python said "${stderr.trim()}"`);
  const withPython = Object.entries(images).filter(([name]) => name !== "reward");
  return Object.fromEntries(
    withPython.map(([name, { reference, id }]) => [
      `${name} image`,
      `${reference} ${id.slice(0, 19)}`,
    ]),
  );
}

/** An engine that cannot find the program refuses to start its container. */
function notStarted(cause: Error & { readonly statusCode?: number }): ToolEnd {
  if (cause.statusCode === undefined) throw cause;
  return { stdout: "", stderr: engineWords(cause), failed: true };
}
