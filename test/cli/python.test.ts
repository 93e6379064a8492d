import { execFileSync } from "node:child_process";
import { expect } from "vitest";
import { requires } from "../helpers/requires.ts";
import { r1sgg } from "./r1sgg.ts";

requires("python").it(
  "r1sgg python prints lines that put the environment and this command line on PATH",
  async () => {
    const { code, out, err } = await r1sgg("python", "--device", "cpu");
    expect([code, err]).toEqual([0, ""]); // it is there already
    const bash = (script: string) =>
      execFileSync("bash", ["-c", `${out}\n${script}`], { encoding: "utf8" }).trim();
    expect(bash("command -v vllm")).toMatch(/python\/cpu-.*\/bin\/vllm$/);
    expect(bash("command -v r1sgg")).toMatch(/bin\/r1sgg$/);
    expect(bash("python -c 'import r1sgg_worker; print(r1sgg_worker.__name__)'")).toBe(
      "r1sgg_worker",
    );
    const json = await r1sgg("python", "--device", "cpu", "--json");
    expect(JSON.parse(json.out).join("\n")).toBe(out.trim());
  },
);
