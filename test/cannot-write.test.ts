import { expect, it } from "vitest";
import { cannotWrite } from "../src/cannot-write.ts";
import { SggError } from "../src/errors.ts";

const failure = (code: string) => Object.assign(new Error(`${code}: said so`), { code });

it.each([
  ["ENOSPC", "LAUNCH", "a disk with room that we may write to"],
  ["EDQUOT", "LAUNCH", "a disk with room that we may write to"],
  ["EROFS", "LAUNCH", "a disk with room that we may write to"],
  ["EACCES", "LAUNCH", "a disk with room that we may write to"],
  ["ENOTDIR", "USAGE", "a place for it"],
  ["EISDIR", "USAGE", "a place for it"],
])("is of %s the code %s: data are never at fault", (code, wanted, expected) => {
  expect(cannotWrite("a/b", failure(code))).toMatchObject({
    code: wanted,
    message: `Cannot write "a/b": ${code}: said so, expected ${expected}`,
  });
});

it.each([
  failure("ECONNRESET"),
  failure("ERR_INVALID_ARG_TYPE"),
  new Error("a bug"),
  new SggError("DATA", "Cannot use it"),
])("leaves %s as it is", (cause) => {
  expect(cannotWrite("a", cause)).toBe(cause);
});
