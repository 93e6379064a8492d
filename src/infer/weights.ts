import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SggError } from "../errors.ts";
import { request } from "./http.ts";
import { route } from "./servers.ts";

const loadTimeoutMs = 600_000;
const resetTimeoutMs = 60_000;
const resetTries = 20;

/**
 * Puts the weights of a folder into a running vLLM server and empties its three caches.
 *
 * The encoder cache is not optional: vLLM 0.31 dies at the next image it has seen when it is left
 * as it was; the multimodal and prefix caches would answer with the old weights. The prefix cache
 * says no while requests still run, and is asked again for a few seconds.
 *
 * `dir` has to be visible to the server, and holds a whole model: part of a fused layer loads
 * without an error and is wrong.
 *
 * Errors: SggError LAUNCH that names the server, the step and what the server said.
 */
export async function loadWeights(url: string, dir: string, signal?: AbortSignal): Promise<void> {
  const body = { method: "reload_weights", kwargs: { weights_path: resolve(dir) } };
  const ask = (path: string, timeoutMs: number, message: unknown = {}) =>
    request(route(url, path), message, (text) => text, {
      timeoutMs,
      tries: 1,
      ...(signal && { signal }),
    }).catch((cause: unknown) => {
      if (!(cause instanceof SggError)) throw cause;
      const found = cause.message.replace(/^Cannot ask /, "");
      throw new SggError("LAUNCH", `Cannot load weights "${dir}": ${found}`, { cause });
    });
  await ask("/collective_rpc", loadTimeoutMs, body);
  await ask("/reset_mm_cache", resetTimeoutMs);
  await ask("/reset_encoder_cache", resetTimeoutMs);
  for (let tries = 1; refused(await ask("/reset_prefix_cache", resetTimeoutMs)); tries += 1) {
    if (tries === resetTries)
      throw new SggError(
        "LAUNCH",
        `Cannot load weights "${dir}": ${url} still holds its prefix cache, expected no running requests`,
      );
    await sleep(250, undefined, signal && { signal });
  }
}

/** True for `{"success": false}`; servers that say nothing have done it. */
function refused(text: string): boolean {
  if (text.trim() === "") return false;
  try {
    return (JSON.parse(text) as { success?: unknown } | null)?.success === false;
  } catch (cause) {
    if (cause instanceof SyntaxError) return false;
    throw cause;
  }
}
