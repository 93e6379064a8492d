import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * The folder where this user's provisioned Node, Python environments and their logs live.
 *
 * `R1SGG_CACHE` moves it, for example away from a small home folder; bin/node/setup.sh reads the same.
 */
export const cacheFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  resolve(
    env.R1SGG_CACHE || join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "r1sgg"),
  );
