// Stands for the command `vllm`: serves what `infer` asks, and says in its log how it was called.
// FAKE_DEATHS: "server-1=4" ends that role at its fourth question; several with commas.
import { createServer } from "node:http";

const args = process.argv.slice(2);
const model = args[1];
const { OMP_NUM_THREADS: threads, CUDA_VISIBLE_DEVICES: gpu, R1SGG_RUN_ROLE: role } = process.env;
console.log(JSON.stringify({ args, threads, gpu }));
const deaths = (process.env.FAKE_DEATHS ?? "").split(",");
let asked = 0;

createServer(async (request, response) => {
  const chunks = await request.toArray();
  if (request.url === "/health") return void response.end();
  if (request.url === "/v1/models") return void response.end(json({ data: [{ id: model }] }));
  const { max_tokens } = JSON.parse(Buffer.concat(chunks).toString());
  if (max_tokens > 1) asked += 1; // the question whether it is ready wants one token
  if (deaths.includes(`${role}=${asked}`)) process.exit(3);
  setTimeout(() => response.end(json({ choices: [{ message: { content: "{}" } }] })), 20);
}).listen(Number(args[args.indexOf("--port") + 1]), "127.0.0.1");

const json = JSON.stringify;
