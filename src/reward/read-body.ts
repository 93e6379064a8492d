import type { FastifyRequest, RequestPayload } from "fastify";
import { HttpFault } from "./http-fault.ts";
import { tooLarge } from "./read-json.ts";

/**
 * All bytes of a body as they are sent, in memory of their own, so that a thread can take them over.
 *
 * Memory for a body of known length is there from the start: nothing is copied at the end, which
 * would hold up other requests.
 *
 * Errors: HttpFault 413 over `maxBytes`, 400 when the client stops in the middle
 */
export async function readBody(
  { headers }: Pick<FastifyRequest, "headers">,
  payload: RequestPayload,
  maxBytes: number,
): Promise<Uint8Array> {
  const stated = Number(headers["content-length"] ?? Number.NaN);
  if (stated > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  const whole = Number.isNaN(stated) ? undefined : new Uint8Array(stated);
  let length = 0;
  try {
    for await (const chunk of payload as AsyncIterable<Buffer>) {
      if (length + chunk.length > maxBytes) throw tooLarge(maxBytes);
      if (whole) whole.set(chunk, length);
      else chunks.push(chunk);
      length += chunk.length;
    }
  } catch (cause) {
    if (cause instanceof HttpFault) throw cause;
    throw new HttpFault(400, "Cannot read the request: it ended in the middle", { cause });
  }
  return whole ?? new Uint8Array(Buffer.concat(chunks));
}
