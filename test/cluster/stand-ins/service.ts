/**
 * Stands in for a reward endpoint or a vLLM server: answers 200 on every path, from the start on, with an
 * empty graph and a model's name for who asks for them.
 *
 * usage: node service.ts PORT [MOOD]
 * Moods: `never` answers 503 for ever, as a server does whose model does not load; `orphan` has a
 * child that left its process tree; `deaf` does not hear SIGTERM.
 */
import { spawn } from "node:child_process";
import { createServer } from "node:http";

const [port = "", mood = ""] = process.argv.slice(2);
const answer = JSON.stringify({
  data: [{ id: "policy" }],
  choices: [{ message: { content: "{}" }, finish_reason: "stop" }],
});
const server = createServer((_, response) => {
  response.writeHead(mood === "never" ? 503 : 200).end(`${answer}\n`);
});
server.on("error", (error) => {
  console.error(String(error));
  process.exit(1);
});
server.listen(Number(port), "0.0.0.0", () => console.log(`serves on ${port}`));

if (mood === "orphan") {
  const orphan = spawn("setsid", ["sh", "-c", "sleep 1000 & exit 0"], {
    detached: true,
    stdio: "ignore",
  });
  orphan.unref();
}
process.on("SIGTERM", () => {
  if (mood !== "deaf") process.exit(0);
});
