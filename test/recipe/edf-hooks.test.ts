import { describe, expect, it } from "vitest";
import { edfFault, edfHooks } from "../../src/recipe/edf-hooks.ts";

describe("edfFault", () => {
  it("finds nothing in the two ways that there are", () => {
    expect(Object.values(edfHooks).map(edfFault)).toEqual([undefined, undefined]);
  });

  it("finds the mix of both", () => {
    const annotations = { ...edfHooks.cuda.annotations, ...edfHooks.alps.annotations };
    expect(edfFault({ annotations, entrypoint: true })).toContain("not both");
  });

  it("finds an Alps image whose entrypoint does not run", () => {
    expect(edfFault({ ...edfHooks.alps, entrypoint: false })).toContain("expected entrypoint true");
  });
});
