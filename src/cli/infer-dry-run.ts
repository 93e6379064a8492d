import { qwen2Vl } from "../core/models/families.ts";
import type { Row } from "../data/row.ts";
import { SggError } from "../errors.ts";
import { findFamily } from "../infer/family.ts";
import { type Asking, toRequest } from "../infer/question.ts";
import type { InferFlags } from "./infer-options.ts";
import type { Io } from "./io.ts";

/**
 * Prints the request about the first image, the image cut short; nothing is sent.
 *
 * Without a name of the model nobody tells its family: it is taken for Qwen2-VL, and that is said.
 */
export async function showDryRun(
  flags: InferFlags,
  [row]: readonly Row[],
  part: Omit<Asking, "family">,
  { print, warn }: Io,
): Promise<void> {
  const { model, servers } = flags;
  const family =
    model === undefined && flags.family === "auto"
      ? qwen2Vl
      : await findFamily(flags.family, model === undefined ? [] : [model]);
  if (model === undefined && flags.family === "auto")
    warn(`infer: no server is asked what it serves: shown as for ${family.name}\n`);
  if (row === undefined) throw new SggError("DATA", "Cannot show a request: no row, expected one");
  const body = await toRequest(row, model ?? "(asked from the server)", { ...part, family });
  const url = `${servers?.[0] ?? "http://127.0.0.1:(a free port)"}/v1/chat/completions`;
  print(`${JSON.stringify({ method: "POST", url, body }, shortened, 2)}\n`);
}

/** Cuts image data short, for JSON.stringify. */
const shortened = (_: string, value: unknown): unknown =>
  typeof value !== "string" || !value.startsWith("data:") || value.length <= 80
    ? value
    : `${value.slice(0, 60)}… (${value.length} characters)`;
