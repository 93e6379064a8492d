import { readFile } from "node:fs/promises";
import { SggError } from "../errors.ts";
import { isLoopback } from "./token.ts";

/**
 * The token that requests must carry, or `undefined` where none is needed.
 *
 * It comes from a file, so that it stands in no process list.
 *
 * Errors: SggError USAGE for an address that others reach without a token, or an unreadable one
 */
export async function readToken(host: string, path?: string): Promise<string | undefined> {
  if (path === undefined) {
    if (isLoopback(host)) return undefined;
    throw new SggError(
      "USAGE",
      `Cannot serve rewards on "${host}": no --token-file, expected one for an address that others reach`,
    );
  }
  const token = (
    await readFile(path, "utf8").catch((cause: Error) => {
      throw new SggError("USAGE", `Cannot read the token file "${path}": ${cause.message}`, {
        cause,
      });
    })
  ).trim();
  if (/^\S+$/.test(token)) return token;
  const found = token === "" ? "it is empty" : "it has white space inside";
  throw new SggError("USAGE", `Cannot use the token file "${path}": ${found}, expected one token`);
}
