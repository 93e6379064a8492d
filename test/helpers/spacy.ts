import { readFile } from "node:fs/promises";
import type { SpacyTables } from "../../src/core/similarity/spacy/tables.ts";
import { shipped } from "../../src/root.ts";

const file = (name: string): Promise<Buffer> =>
  readFile(shipped(`src/similarity/en_core_web_sm-3.8.0/${name}`));

/** The weights of the model that ships with the product. */
export const spacyWeights: Uint8Array = await file("tok2vec.safetensors");

/** Its tables. */
export const spacyTables: SpacyTables = JSON.parse((await file("tokenizer.json")).toString("utf8"));
