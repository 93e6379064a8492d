import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type SpacyModel, spacyModel } from "../core/similarity/spacy/model.ts";
import { restoreDocs, type SpacyDoc } from "../core/similarity/spacy/spacy-doc.ts";
import { SggError } from "../errors.ts";
import { shipped } from "../root.ts";

/** The files of the model, and what they must be: SHA256SUMS beside them says the same. */
const files = {
  weights: {
    name: "tok2vec.safetensors",
    sha256: "f053fb6e9a2ad3e436297879e2be1e86db9440e3e787609ebb078b01f91040fe",
  },
  tables: {
    name: "tokenizer.json",
    sha256: "987cb18e1a26c735d91ede8056558071eec86b2972e8fecb6a55672ebdb32fcb",
  },
  classes: {
    name: "class-names.json",
    sha256: "f7aa360eff07f6c42675adfd25cd962b6223a8731304935c77da154b2dcdecab",
  },
} as const;

/** spaCy's model, as it lies in a folder. */
export interface LoadedSpacy {
  readonly model: SpacyModel;
  /** The class names of VG150 and PSG, which it has read before. */
  readonly classes: ReadonlyMap<string, SpacyDoc>;
  readonly identity: string;
}

/**
 * Loads the model that ships with the product.
 *
 * Errors: SggError LAUNCH when a file is missing, unreadable or not the one that we know
 */
export async function loadSpacy(
  folder: string = shipped("src/similarity/en_core_web_sm-3.8.0"),
): Promise<LoadedSpacy> {
  const [weights, tables, classes] = await Promise.all(
    [files.weights, files.tables, files.classes].map(({ name, sha256 }) =>
      readChecked(join(folder, name), sha256),
    ),
  );
  return {
    model: spacyModel(weights!, JSON.parse(tables!.toString("utf8"))),
    classes: restoreDocs(JSON.parse(classes!.toString("utf8"))),
    identity: `en_core_web_sm 3.8.0 ${files.weights.sha256.slice(0, 12)} ${files.tables.sha256.slice(0, 12)}`,
  };
}

async function readChecked(path: string, sha256: string): Promise<Buffer> {
  const content = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === "ENOENT" ? "no such file" : cause.message;
    throw new SggError("LAUNCH", cannotLoad(path, found), { cause });
  });
  const found = hash("sha256", content);
  if (found === sha256) return content;
  throw new SggError("LAUNCH", cannotLoad(path, `its SHA-256 is ${found}, not ${sha256}`));
}

const cannotLoad = (path: string, found: string): string =>
  `Cannot load the similarity model "${path}": ${found}, expected the file that ships with r1sgg`;
