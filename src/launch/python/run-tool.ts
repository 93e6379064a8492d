import { readFile } from "node:fs/promises";
import { execa } from "execa";
import type { Setup } from "./setup.ts";

/** Becomes the tool, and dies with the process that started it, even when that is killed by -9. */
const tie = `
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL
if os.getppid() == int(sys.argv[1]):
    os.execvp(sys.argv[2], sys.argv[2:])
`;

/** How an installer ended, and all it said. */
export interface ToolEnd {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/** What watches a tool: each line, and every few seconds the bytes that it has written so far. */
export interface Watch {
  readonly onLine?: (line: string) => void;
  readonly onTick?: (writtenBytes: number) => void;
}

const tickMs = 5_000;

/**
 * Runs pip or uv to its end; nothing of it outlives this process or the signal.
 *
 * @param python any interpreter, which ties the tool's life to ours
 */
export async function runTool(
  python: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  { signal }: Pick<Setup, "signal">,
  { onLine, onTick }: Watch = {},
): Promise<ToolEnd> {
  signal.throwIfAborted();
  const child = execa(python, ["-I", "-S", "-c", tie, String(process.pid), ...argv], {
    env: { NO_COLOR: "1", ...env },
    all: true,
    buffer: false,
    reject: false,
    stdin: "ignore",
    cancelSignal: signal,
  });
  const ticker = setInterval(() => {
    if (onTick && child.pid !== undefined) void writtenBytes(child.pid).then(onTick);
  }, tickMs);
  const lines: string[] = [];
  try {
    for await (const line of child.iterable({ from: "all", preserveNewlines: false })) {
      lines.push(line);
      onLine?.(line);
    }
    const { failed } = await child;
    return { ok: !failed, lines };
  } finally {
    clearInterval(ticker);
    signal.throwIfAborted();
  }
}

/** Bytes that a process has written to files, of which Linux keeps count; 0 where that is unknown. */
async function writtenBytes(pid: number): Promise<number> {
  const io = await readFile(`/proc/${pid}/io`, "utf8").catch(() => "");
  return Number(/^wchar: (\d+)$/m.exec(io)?.[1] ?? 0);
}
