import { defineConfig } from "vitest/config";

const long = process.env.R1SGG_TEST_LONG === "1";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: long ? [] : ["test/**/*.long.test.ts"],
    globalSetup: "test/helpers/capabilities.ts",
    testTimeout: long ? 900_000 : 30_000,
    hookTimeout: long ? 900_000 : 60_000,
  },
});
