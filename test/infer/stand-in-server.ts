import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

/** What the stand-in was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** How it answers: after a while, with a status and a body, or not at all. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly delayMs?: number;
  /** Close the connection: before any answer, or in the middle of the body. */
  readonly tear?: "before" | "inside";
}

export interface StandIn {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** The most requests that were under way at one time. */
  readonly most: () => number;
  /** Dies: its connections are cut and nobody listens any more. */
  readonly die: () => void;
}

/** An answer of vLLM's /v1/chat/completions, as 0.31 sends it. */
export const chatAnswer = (content: string | null) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "tiny",
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, total_tokens: 5, completion_tokens: 2 },
});

/**
 * A stand-in for a vLLM server: real HTTP on a free port, vLLM's routes and bodies, no model.
 * It goes when the test ends.
 */
export async function standIn(
  reply: (asked: Asked, count: number) => Reply | Promise<Reply>,
): Promise<StandIn> {
  const asked: Asked[] = [];
  let underWay = 0;
  let most = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    underWay += 1;
    most = Math.max(most, underWay);
    response.on("close", () => {
      underWay -= 1;
    });
    const chunks = await request.toArray();
    const text = Buffer.concat(chunks as Buffer[]).toString("utf8");
    const { method = "", url: path = "" } = request;
    const ask = { method, path, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
    asked.push(ask);
    const { status = 200, headers = {}, body = "", delayMs, tear } = await reply(ask, asked.length);
    if (delayMs !== undefined) await sleep(delayMs, undefined, { ref: false });
    if (tear === "before") return void request.socket.destroy();
    const answer = typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status, { "content-length": Buffer.byteLength(answer), ...headers });
    if (tear !== "inside") return void response.end(answer);
    response.write(answer.slice(0, answer.length / 2), () => request.socket.destroy());
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const die = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(die);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, most: () => most, die };
}
