import { expect, it } from "vitest";
import { createStringId } from "../../../../src/core/similarity/spacy/string-id.ts";
import { spacyTables } from "../../../helpers/spacy.ts";

const idOf = createStringId(spacyTables.symbols);

/** Lengths around multiples of eight, at which the hash takes its bytes; from spaCy 3.8.18. */
it.each([
  ["a", 11901859001352538922n],
  ["coffee", 3197928453018144401n],
  ["12345678", 9871996032675327904n],
  ["123456789", 2056675840866671865n],
  ["x".repeat(23), 11828803860859836159n],
  ["é", 16256712947286012828n],
  ["日本語", 1998301522555383300n],
  ["😀", 13900606239988879105n],
  ["\0", 12725806677685968135n],
])("numbers %j as spaCy does", (text, id) => {
  expect(idOf(text)).toBe(id);
});

it("numbers symbols by hand, also the empty one", () => {
  expect(["", "ORTH", "ADJ", "X"].map(idOf)).toEqual([0n, 65n, 84n, 101n]);
});

it("reads a lone surrogate as the character that stands for what cannot be read", () => {
  expect(idOf("\ud800")).toBe(idOf("\ufffd"));
});
