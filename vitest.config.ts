import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const long = process.env.R1SGG_TEST_LONG === "1";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: long ? [] : ["test/**/*.long.test.ts"],
    globalSetup: "test/helpers/capabilities.ts",
    // Many tests wait, for Slurm, Docker or a server: on a small machine more at a time cost nothing.
    maxWorkers: Math.max(4, availableParallelism()),
    // Limits end what hangs, and judge no speed: a loaded machine may be twenty times slower.
    testTimeout: long ? 900_000 : 240_000,
    hookTimeout: long ? 900_000 : 240_000,
  },
});
