/** Builds the environment of a spec given as JSON, in a process of its own that a test can kill. */
import { ensureEnvironment } from "../../../src/launch/python/environment.ts";

const [spec, cache] = process.argv.slice(2) as [string, string];
const folder = await ensureEnvironment(JSON.parse(spec), {
  cache,
  say: (text) => console.error(text),
  signal: new AbortController().signal,
  freeBytes: async () => Number.MAX_SAFE_INTEGER,
});
console.log(folder);
