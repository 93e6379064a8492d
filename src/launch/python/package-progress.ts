import type { Watch } from "./run-tool.ts";

/**
 * uv's lines as words for people: what is still to come, and every few seconds that it goes on.
 *
 * uv names a download of some size when it starts and when it is done, and is silent in between.
 */
export function packageProgress(what: string, say: (text: string) => void): Required<Watch> {
  const coming = new Map<string, string>();
  let phase = "reading the lock";
  return {
    onLine(line) {
      const [, starts, size] = /^\s*Downloading (\S+) \((.+)\)/.exec(line) ?? [];
      const [, done] = /^\s*Downloaded (\S+)/.exec(line) ?? [];
      if (starts !== undefined) coming.set(starts, size ?? "");
      if (done !== undefined) coming.delete(done);
      if (starts ?? done) phase = "downloading";
      if (/^\s*Building /.test(line)) phase = line.trim().toLowerCase();
      if (/^(Prepared|Installed) /.test(line)) say(`${what}: ${line.trim().toLowerCase()}`);
      if (line.startsWith("Prepared ")) phase = "linking them into place";
    },
    onTick(writtenBytes) {
      const [[name, size] = [], ...rest] = [...coming];
      const names = name === undefined ? "" : ` ${name} (${size})`;
      const others = rest.length === 0 ? "" : ` and ${rest.length} more`;
      const written = `${(writtenBytes / 1e9).toFixed(1)} GB written`;
      say(`${what}: ${coming.size === 0 ? phase : "downloading"}${names}${others}; ${written}`);
    },
  };
}
