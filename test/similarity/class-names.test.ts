import { expect, it } from "vitest";
import { classTerms } from "../../src/core/classes/class-terms.ts";
import { spacyModel } from "../../src/core/similarity/spacy/model.ts";
import { restoreDocs, storeDocs } from "../../src/core/similarity/spacy/spacy-doc.ts";
import { shipped } from "../../src/root.ts";
import { spacyTables, spacyWeights } from "../helpers/spacy.ts";

const read = spacyModel(spacyWeights, spacyTables);

/** `vitest run` of this file with `--update=all` writes it anew; load-spacy.ts has its digest. */
it("ships what the model makes of the class names, to the last bit", async () => {
  await expect(JSON.stringify(storeDocs(classTerms, read))).toMatchFileSnapshot(
    shipped("src/similarity/en_core_web_sm-3.8.0/class-names.json"),
  );
});

it("stores docs without loss", () => {
  const texts = ["", "hat", "door-stuff", "日本 😀"];
  expect(restoreDocs(storeDocs(texts, read))).toEqual(
    new Map(texts.map((text) => [text, read(text)])),
  );
});
