// Stands for the command `vllm`: serves what `infer` asks, and says in its log how it was called.
// FAKE_DIES_AT: a folder, and after how many answers of all servers the one that gave the last ends.
import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const args = process.argv.slice(2);
const model = args[1];
console.log(JSON.stringify({ args, threads: process.env.OMP_NUM_THREADS }));
const [folder, deaths = ""] = (process.env.FAKE_DIES_AT ?? "").split("=");
let answers = 0;

createServer(async (request, response) => {
  const chunks = await request.toArray();
  if (request.url === "/health") return void response.end();
  if (request.url === "/v1/models") return void response.end(json({ data: [{ id: model }] }));
  const { max_tokens } = JSON.parse(Buffer.concat(chunks).toString());
  answers += 1;
  if (folder && max_tokens > 1) {
    writeFileSync(join(folder, `${process.pid}-${answers}`), "");
    if (deaths.split(",").includes(String(readdirSync(folder).length))) process.exit(3);
  }
  setTimeout(() => response.end(json({ choices: [{ message: { content: "{}" } }] })), 20);
}).listen(Number(args[args.indexOf("--port") + 1]), "127.0.0.1");

const json = JSON.stringify;
