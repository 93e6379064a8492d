import { SggError } from "../../errors.ts";
import type { Teller } from "../smoke-run.ts";
import { type Engine, engineWords } from "./engine.ts";
import { jsonLines } from "./json-lines.ts";
import { authOf } from "./registry-auth.ts";

interface Message {
  readonly status?: string;
  readonly id?: string;
  readonly error?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly aux?: { readonly Digest?: string };
}

/** Fetches an image, telling how far it is. Errors: SggError LAUNCH with the engine's words. */
export const pullImage = async (
  { docker }: Engine,
  reference: string,
  tell: Teller,
  signal: AbortSignal,
): Promise<void> => {
  await transfer("pull", reference, tell, signal, async () => {
    const authconfig = await authOf(reference);
    return docker.pull(reference, { ...(authconfig && { authconfig }), abortSignal: signal });
  });
};

/** Sends an image to its registry and gives its digest. Errors: SggError LAUNCH with the engine's words. */
export const pushImage = (
  { docker }: Engine,
  reference: string,
  tell: Teller,
  signal: AbortSignal,
): Promise<string | undefined> =>
  transfer("push", reference, tell, signal, async () => {
    // The engine wants some login, even where the registry asks for none.
    const authconfig = (await authOf(reference)) ?? { username: "", password: "" };
    return docker.getImage(reference).push({ authconfig, abortSignal: signal });
  });

async function transfer(
  verb: "pull" | "push",
  reference: string,
  tell: Teller,
  signal: AbortSignal,
  ask: () => Promise<NodeJS.ReadableStream>,
): Promise<string | undefined> {
  const what = `${verb} ${reference}`;
  const layers = new Map<string, { readonly current: number; readonly total: number }>();
  let digest: string | undefined;
  tell.update(what, "asking the registry");
  try {
    for await (const each of jsonLines(await ask())) {
      const { id = "", status = "", error, progressDetail, aux } = each as Message;
      if (error !== undefined) throw new Error(error);
      digest = aux?.Digest ?? digest;
      const { current, total } = progressDetail ?? {};
      if (current !== undefined && total !== undefined) layers.set(id, { current, total });
      tell.update(what, `${status} ${megabytes(layers)}`.trim());
    }
    return digest;
  } catch (cause) {
    signal.throwIfAborted();
    if (!(cause instanceof Error)) throw cause;
    throw new SggError(
      "LAUNCH",
      `Cannot ${verb} image "${reference}": ${engineWords(cause)}, expected a registry that has it and lets us in (docker login)`,
      { cause },
    );
  } finally {
    tell.end(what);
  }
}

function megabytes(layers: ReadonlyMap<string, { current: number; total: number }>): string {
  const sum = (of: "current" | "total"): number =>
    [...layers.values()].reduce((bytes, layer) => bytes + layer[of], 0);
  const [done, all] = [sum("current"), sum("total")].map((bytes) => Math.round(bytes / 1e6));
  return layers.size === 0 ? "" : `(${done} of ${all} MB)`;
}
