import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { SggError } from "../../errors.ts";
import type { HubSettings } from "../hub/settings.ts";
import { snapshot } from "../hub/snapshot.ts";

/** Counts the tokens of a text as a model's own tokenizer makes them. */
export interface TokenCounter {
  /** The file that it was read from. */
  readonly path: string;
  readonly count: (text: string) => number;
}

const files = ["tokenizer.json", "tokenizer_config.json"];

/**
 * The tokenizer of a model: of its folder, its `tokenizer.json`, or a model of the Hub.
 *
 * Errors: SggError DATA when there is none, or it is of a kind that is not known here.
 */
export async function loadTokenizer(
  nameOrPath: string,
  settings: HubSettings,
): Promise<TokenCounter> {
  const cannot = (found: string, cause?: unknown) =>
    new SggError(
      "DATA",
      `Cannot use tokenizer "${nameOrPath}": ${found}, expected a model's folder with tokenizer.json, or a Hub id`,
      { cause },
    );
  const path = await findFile(nameOrPath, settings, cannot);
  try {
    const config = await readFile(join(dirname(path), files[1]!), "utf8").catch(() => "{}");
    const parsed: unknown = JSON.parse(await readFile(path, "utf8"));
    const tokenizer = new Tokenizer(parsed as object, JSON.parse(config) as object);
    const plain = { add_special_tokens: false };
    return { path, count: (text) => tokenizer.encode(text, plain).ids.length };
  } catch (cause) {
    throw cannot(`unreadable (${(cause as Error).message.split("\n")[0]})`, cause);
  }
}

async function findFile(
  nameOrPath: string,
  settings: HubSettings,
  cannot: (found: string) => Error,
): Promise<string> {
  const here = await stat(nameOrPath).catch(() => undefined);
  if (here?.isDirectory()) return resolve(nameOrPath, files[0]!);
  if (here !== undefined) return resolve(nameOrPath);
  if (!/^[\w.-]+\/[\w.-]+$/.test(nameOrPath)) throw cannot("nothing there");
  const { files: found } = await snapshot(
    {
      repo: { type: "model", name: nameOrPath },
      choose: (paths) => files.filter((file) => paths.includes(file)),
      onBytes: () => {},
    },
    settings,
  );
  const path = found.find((file) => basename(file) === files[0]);
  if (path === undefined) throw cannot("no tokenizer.json");
  return path;
}
