import type { EndpointsTemplate, Word } from "../run-plan.ts";
import { nulList } from "./quote.ts";

/** The two files of a command: its words, and what each of them is; see slurm/script/words.sh. */
export interface WordFiles {
  readonly argv: string;
  readonly kinds: string;
}

/**
 * A command as the two files from which a job's script reads it.
 *
 * Errors: SggError PLAN for a NUL in a word
 *
 * @example
 * wordFiles(["serve", { port: "reward" }]); // { argv: "serve\0reward\0", kinds: "text\nport\n" }
 */
export function wordFiles(words: readonly Word[]): WordFiles {
  return {
    argv: nulList(words.map(textOf)),
    kinds: words.map((word) => `${kindOf(word)}\n`).join(""),
  };
}

function textOf(word: Word): string {
  if (typeof word === "string") return word;
  if ("port" in word) return word.port;
  if ("host" in word) return String(word.host);
  return "node" in word ? "" : word.url;
}

function kindOf(word: Word): string {
  if (typeof word === "string") return "text";
  if ("port" in word) return "port";
  if ("host" in word) return "host";
  return "node" in word ? "node" : `url ${word.on}`;
}

/** endpoints.json as words that make its text when they stand one after the other. */
export const endpointsWords = (template: EndpointsTemplate): readonly Word[] => [
  ...toWords(template),
  "\n",
];

function toWords(value: unknown): readonly Word[] {
  if (Array.isArray(value)) return ["[", ...joined(value.map(toWords)), "]"];
  if (value === null || typeof value !== "object") return [JSON.stringify(value)];
  if (isWord(value)) return "port" in value ? [value] : ['"', value, '"'];
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return [
    "{",
    ...joined(fields.map(([key, one]) => [`${JSON.stringify(key)}:`, ...toWords(one)])),
    "}",
  ];
}

const joined = (parts: readonly (readonly Word[])[]): readonly Word[] =>
  parts.flatMap((part, at) => (at === 0 ? part : [",", ...part]));

const isWord = (value: object): value is Exclude<Word, string> =>
  "on" in value || "port" in value || "host" in value || "node" in value;
