import { main } from "../../src/cli/main.ts";

/** Runs the command line in this process: exit code, stdout and stderr. */
export async function r1sgg(...argv: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const print = (text: string) => void out.push(text);
  const warn = (text: string) => void err.push(text);
  const code = await main(argv, { print, warn });
  return { code, out: out.join(""), err: err.join("") };
}
