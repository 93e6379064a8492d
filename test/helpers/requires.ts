import { describe, inject, it, type TestContext } from "vitest";
import type { Capability } from "./capabilities.ts";

type Test = (context: TestContext) => void | Promise<void>;

/** `it` and `describe` for tests that need something which not every machine has. */
export interface Needing {
  readonly it: (title: string, test: Test, timeoutMs?: number) => void;
  readonly describe: (title: string, suite: () => void) => void;
}

/**
 * The `it` and `describe` for tests that need a capability.
 *
 * Where it is missing they skip, with the reason in the title; where `R1SGG_REQUIRE` names it, they
 * fail with it.
 *
 * @example
 * requires("chromium").it("shows a dozen images", async () => { … });
 */
export function requires(capability: Capability): Needing {
  const reason = inject("missing")[capability];
  if (reason === undefined) return { it, describe };
  const required = (process.env.R1SGG_REQUIRE ?? "").split(",").includes(capability);
  if (!required) {
    const why = (title: string): string => `${title} [needs ${capability}: ${reason}]`;
    return {
      it: (title, test) => it.skip(why(title), test),
      describe: (title, suite) => describe.skip(why(title), suite),
    };
  }
  const fail = (title: string): void =>
    it(title, () => {
      throw new Error(`R1SGG_REQUIRE names ${capability}: ${reason}`);
    });
  return { it: fail, describe: fail };
}
