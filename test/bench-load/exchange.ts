import { type Agent, request } from "node:http";

/** An answer, and the milliseconds from the first byte sent to the last one received. */
export interface Exchange {
  readonly status: number;
  readonly body: Buffer;
  readonly ms: number;
}

/** One request over a kept-alive connection; `node:http`, since a client must cost little here. */
export const exchange = (agent: Agent, url: string, body?: Buffer): Promise<Exchange> =>
  new Promise((resolve, reject) => {
    const start = performance.now();
    const headers = body && { "content-type": "application/json", "content-length": body.length };
    const sent = request(url, { agent, method: body ? "POST" : "GET", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks),
          ms: performance.now() - start,
        }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });

/** A quantile of milliseconds, as text. */
export function quantile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
}
