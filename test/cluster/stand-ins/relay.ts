/**
 * Stands in for a vLLM server that has no memory of its own: hands every request on to a real one of the
 * same run and its answer back, so that its words and numbers are the true ones.
 *
 * usage: node relay.ts PORT NUMBER, where NUMBER is the real sampler's in endpoints.json
 */
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";

const [port = "", number = ""] = process.argv.slice(2);
const { samplers } = JSON.parse(readFileSync("endpoints.json", "utf8")) as {
  readonly samplers: readonly { readonly url: string }[];
};
const real = new URL(samplers[Number(number)]!.url);

const server = createServer((asked, answer) => {
  const { method, headers, url = "/" } = asked;
  const { hostname, port } = real;
  const ahead = request({ hostname, port, method, headers, path: url }, (found) => {
    answer.writeHead(found.statusCode ?? 502, found.headers);
    found.pipe(answer);
  });
  ahead.on("error", (error) => {
    if (answer.headersSent) answer.destroy(error);
    else answer.writeHead(502).end(`${error}\n`);
  });
  answer.on("close", () => ahead.destroy());
  asked.pipe(ahead);
});
server.listen(Number(port), "0.0.0.0", () => console.log(`relays ${port} to ${real}`));
