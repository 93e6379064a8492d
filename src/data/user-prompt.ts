import type { ClassNames } from "../core/classes/class-names.ts";
import { psg } from "../core/classes/psg.ts";
import { vg150 } from "../core/classes/vg150.ts";
import { SggError } from "../errors.ts";
import { perMille } from "./answer.ts";
import { type Prompt, readPrompt, versionOf } from "./prompts.ts";
import { pythonJson } from "./python-json.ts";
import type { Row } from "./row.ts";

/** Who wrote the words that a row is asked with: the release, we, the user, or the dataset itself. */
export type PromptSource = "release" | "ours" | "user" | "dataset";

/** What a user message says, row by row. */
export interface UserPrompt {
  readonly name: string;
  /** The first eight hex digits of the SHA-256 of the text with its classes. */
  readonly version: string;
  readonly textOf: (row: Row) => string;
  readonly sourceOf: (row: Row) => PromptSource;
}

const lists: Readonly<Record<string, ClassNames>> = { "closed-vg150": vg150, "closed-psg": psg };

/** The release's own strings among our prompts, byte for byte. */
const fromRelease = ["open", "system-short"];

/**
 * A user prompt by its name (`open`, `closed-vg150`, `det`, …) or by the path of a file.
 *
 * `column` is what each row asks itself, its `question`. A closed prompt of a data set is the row's own `prompt_close` where the row has one; else ours.
 * `classes` are those that `{OBJECT_CLASSES}` and `{PREDICATE_CLASSES}` stand for.
 *
 * Errors: SggError RECIPE for an unknown name, a file that cannot be read, or classes that are asked
 * for and not given.
 */
export async function readUserPrompt(
  nameOrPath: string,
  classes?: ClassNames,
): Promise<UserPrompt> {
  if (nameOrPath === "column") return ownQuestions;
  const list = Object.hasOwn(lists, nameOrPath) ? lists[nameOrPath] : undefined;
  const prompt = await readPrompt(list ? "closed" : nameOrPath);
  const text = withClasses(prompt, classes ?? list);
  const isFile = nameOrPath !== prompt.name && list === undefined;
  const written = fromRelease.includes(prompt.name) ? "release" : "ours";
  const own = (row: Row) => (list ? row.prompt_close : undefined);
  return {
    name: list ? nameOrPath : prompt.name,
    version: versionOf(text),
    textOf: (row) => {
      const column = own(row);
      return column === undefined ? withObjects(text, row) : normalised(column, row);
    },
    sourceOf: (row) => (own(row) === undefined ? (isFile ? "user" : written) : "dataset"),
  };
}

const ownQuestions: UserPrompt = {
  name: "column",
  version: versionOf("column"),
  textOf: ({ image_id, question }) => {
    if (question !== undefined) return question;
    const found = "it has no question of its own, expected one";
    throw new SggError("DATA", `Cannot ask about "${image_id}": ${found}`);
  },
  sourceOf: () => "dataset",
};

/**
 * A data set's own prompt as the release uses it: without the size of the image, fences in place of answer tags.
 *
 * Source: R1-SGG e4de64d: `of size (W x H) ` is deleted, `<answer>` and `</answer>` become fences
 */
export const normalised = (prompt: string, { width, height }: Row): string =>
  prompt
    .replaceAll(`of size (${width} x ${height}) `, "")
    .replaceAll("<answer>", "```json")
    .replaceAll("</answer>", "```");

function withClasses({ path, text }: Prompt, classes: ClassNames | undefined): string {
  if (!/\{(OBJECT|PREDICATE)_CLASSES\}/.test(text)) return text;
  if (classes === undefined)
    throw new SggError(
      "RECIPE",
      `Cannot use prompt "${path}": it asks for classes, expected closed-vg150, closed-psg, or a list of classes`,
    );
  return text
    .replaceAll("{OBJECT_CLASSES}", () => pythonJson(classes.objects))
    .replaceAll("{PREDICATE_CLASSES}", () => pythonJson(classes.predicates));
}

function withObjects(text: string, { objects, width, height }: Row): string {
  if (!text.includes("{OBJECTS}")) return text;
  const lines = objects.map(({ id, bbox: [x1, y1, x2, y2] }) => {
    const bbox = [perMille(x1, width), perMille(y1, height)];
    return pythonJson({ id, bbox: [...bbox, perMille(x2, width), perMille(y2, height)] });
  });
  return text.replaceAll("{OBJECTS}", () => `[\n${lines.join(",\n")}\n]`);
}
