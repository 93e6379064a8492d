import * as http from "node:http";
import * as https from "node:https";

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/**
 * One HTTP request and its whole answer: GET, or POST of JSON when there is a body.
 *
 * Not `fetch`: that gives up after 300 s without headers, and a long answer on a CPU, or the load of
 * a large model, takes longer. Each request has its own connection, so that none goes out on one that
 * the server is just closing.
 *
 * Errors: those of the socket; the reason of `signal`; a cut-off answer is ECONNRESET.
 */
export function exchange(url: string, body: unknown, signal: AbortSignal): Promise<Answer> {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const headers =
    json === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(json) };
  const { request } = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    const method = json === undefined ? "GET" : "POST";
    const sent = request(url, { method, headers, agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    sent.on("error", reject);
    sent.end(json);
  });
}
