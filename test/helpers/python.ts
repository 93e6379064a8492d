import { spawnSync } from "node:child_process";

const found = spawnSync("python3", ["-c", "import sys; print(*sys.version_info[:2])"], {
  encoding: "utf8",
});

/** Why no live Python can be asked, or `undefined` when one can: 3.11 or newer has the limits we follow. */
export const noPython: string | undefined = (() => {
  if (found.status !== 0) return "python3 does not run here";
  const [major = 0, minor = 0] = found.stdout.split(" ").map(Number);
  return major === 3 && minor >= 11 ? undefined : `python3 is ${found.stdout.trim()}, not 3.11`;
})();

if (noPython && (process.env.R1SGG_REQUIRE ?? "").split(",").includes("python3")) {
  throw new Error(`R1SGG_REQUIRE names python3: ${noPython}`);
}

/** A test's title, which says why it is skipped where no live Python can be asked. */
export const needsPython = (title: string): string =>
  noPython ? `${title} [needs python3: ${noPython}]` : title;

/** Runs a Python program on a JSON value; both ways ASCII, so that lone surrogates travel. */
export function askPython(program: string, input: unknown): unknown {
  const { status, stdout, stderr } = spawnSync("python3", ["-c", program], {
    input: toAscii(input),
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`python3 ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** JSON in which every other character is escaped, so that lone surrogates travel. */
export const toAscii = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
