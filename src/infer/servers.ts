import { imageDataUrl } from "../data/image.ts";
import { readChatAnswer, readModels, type ServedModel, toChatRequest } from "./chat.ts";
import { request } from "./http.ts";

/** A vLLM server: its base URL without a path, and the name it serves its model under. */
export interface Server {
  readonly url: string;
  readonly model: string;
  /** Why it cannot be asked, where that is known already; it may come later. */
  readonly found?: string;
}

/** The address of a route on a server. */
export const route = (url: string, path: string): string => `${url.replace(/\/+$/, "")}${path}`;

/** The models that a server serves. Errors: SggError LAUNCH when it cannot be asked. */
export const servedModels = (url: string): Promise<readonly ServedModel[]> =>
  request(route(url, "/v1/models"), undefined, readModels, { timeoutMs: 10_000, tries: 1 });

/**
 * Has a server look at one image and write one token: it is ready when this resolves.
 *
 * One try, since whoever waits for readiness asks again by itself.
 *
 * Errors: SggError LAUNCH as long as the server does not answer; DATA when the image is unreadable.
 */
export async function askImage(
  url: string,
  model: string,
  imagePath: string,
  {
    signal,
    timeoutMs = 120_000,
  }: { readonly signal?: AbortSignal; readonly timeoutMs?: number } = {},
): Promise<void> {
  const body = toChatRequest({
    model,
    system: "Answer in one word.",
    prompt: "What is this?",
    image: await imageDataUrl(imagePath),
    sampling: { temperature: 0, top_k: 1, top_p: 1, max_tokens: 1 },
  });
  await request(route(url, "/v1/chat/completions"), body, readChatAnswer, {
    timeoutMs,
    tries: 1,
    ...(signal && { signal }),
  });
}
