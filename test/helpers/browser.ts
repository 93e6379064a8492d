import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { inject } from "vitest";

/** Playwright wants a path, not a name. */
const browserPath = () =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, inject("chromium") ?? ""))
    .find((path) => existsSync(path)) ?? "";

/** This machine's Chromium without a window, for tests that `requires("chromium")`. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: browserPath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
  });
