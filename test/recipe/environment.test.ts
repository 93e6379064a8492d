// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the form that a recipe may use
import fc from "fast-check";
import { expect, it } from "vitest";
import { withEnvironment } from "../../src/recipe/environment.ts";

const at = { file: "a.yaml", line: 3 };
const fill = (scalar: string, environment = {}) => {
  const { tree, faults } = withEnvironment({ at, scalar }, environment);
  return { value: "scalar" in tree && tree.scalar, faults: faults.map((fault) => fault.message) };
};

it.each([
  ["${env:HERE}/x", "/scratch/x"],
  ["${env:HERE}${env:HERE}", "/scratch/scratch"],
  ["${env:NONE:-there}/x", "there/x"],
  ["${env:NONE:-}/x", "/x"],
  ["${env:EMPTY:-there}", "there"],
  ["${env:HERE:-there}", "/scratch"],
  ["$${env:HERE}", "${env:HERE}"],
  ["$5 and $HERE", "$5 and $HERE"],
  ["${env:NESTED}", "${env:HERE}"],
])("fills %j", (text, expected) => {
  const environment = { HERE: "/scratch", EMPTY: "", NESTED: "${env:HERE}" };
  expect(fill(text, environment)).toEqual({ value: expected, faults: [] });
});

it.each(["${HERE}", "${env:}", "${env:A-B}", "${env:A:-${env:B}}", "${env: A}", "${"])(
  "refuses %j, which is no whole reference",
  (text) => {
    expect(fill(text, { A: "1", B: "2" }).faults[0]).toMatch(
      /^found "\$\{" in .*expected \$\{env:/,
    );
  },
);

it("names a variable that is not set, with its place", () => {
  const { faults } = withEnvironment({ at, scalar: "${env:GONE}" }, {});
  expect(faults).toEqual([
    { ...at, message: "environment variable GONE is not set, expected a value" },
  ]);
});

it("leaves every text without ${ as it is", () => {
  const plain = fc.string({ unit: "binary" }).filter((text) => !text.includes("${"));
  fc.assert(
    fc.property(plain, (text) => {
      expect(fill(text).value).toBe(text);
    }),
  );
});
