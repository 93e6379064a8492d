/** Asks /health every 10 ms in a process of its own, until told to stop; then gives the milliseconds. */
import { Agent } from "node:http";
import { exchange } from "./exchange.ts";

const agent = new Agent({ keepAlive: true });
const url = `${process.argv[2]}/health`;
const times: number[] = [];
let isOver = false;
process.on("message", () => {
  isOver = true;
});
while (!isOver) {
  const { status, ms } = await exchange(agent, url);
  times.push(status === 200 ? ms : Number.POSITIVE_INFINITY);
  await new Promise((resolve) => setTimeout(resolve, 10));
}
process.send!(times, () => process.disconnect());
agent.destroy();
