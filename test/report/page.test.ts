import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { reportHtml } from "../../src/report/html.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { requires } from "../helpers/requires.ts";
import { hostile, report } from "./report-fixture.ts";

const wide = { width: 1280, height: 900 };

requires("chromium").describe("the report in a browser", () => {
  let browser: Browser;
  let folder: string;
  let address: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "r1sgg-report-"));
    await writeFile(join(folder, "index.html"), reportHtml(report));
    address = pathToFileURL(join(folder, "index.html")).href;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function opened(viewport = wide): Promise<{ page: Page; said: string[]; asked: string[] }> {
    const page = await browser.newPage({ viewport });
    const said: string[] = [];
    const asked: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(address);
    return { page, said, asked };
  }

  it("says nothing to the console and asks for nothing but itself", async () => {
    const { page, said, asked } = await opened();
    await page.locator("details summary").first().click();
    expect(said).toEqual([]);
    expect(asked.filter((url) => !url.startsWith("data:"))).toEqual([address]);
    await page.close();
  });

  it("shows hostile texts as texts and runs none of them", async () => {
    const { page } = await opened();
    expect(await page.evaluate("window.owned")).toBeUndefined();
    expect(await page.title()).toBe(`Smoke ${hostile}`);
    expect(await page.locator("h1").textContent()).toBe(`Smoke ${hostile}`);
    expect(await page.locator("pre").first().textContent()).toBe(hostile);
    expect(await page.locator("img").count()).toBe(0);
    await page.close();
  });

  it("hides methods, boxes, names and relations on demand", async () => {
    const { page } = await opened();
    const truth = page.locator('[data-method="truth"]').first();
    const parts = [".box", ".name", ".relation .line"].map((part) => truth.locator(part).first());
    for (const part of parts) expect(await part.isVisible()).toBe(true);
    for (const layer of ["boxes", "names", "relations"])
      await page.uncheck(`[data-layer="${layer}"]`);
    for (const part of parts) expect(await part.isVisible()).toBe(false);
    await page.uncheck('[data-panel="truth"]');
    expect(await truth.isVisible()).toBe(false);
    expect(await page.locator('[data-method="2"]').isVisible()).toBe(true);
    await page.close();
  });

  it("lights up a relation and its ends, by keyboard as by pointer", async () => {
    const { page } = await opened();
    const scene = page.locator('[data-method="truth"]');
    const lit = () => scene.locator(".drawing .on.name text").allTextContents();
    await scene.locator(".relations button").first().focus();
    expect(await lit()).toEqual(["cat.1", "hat.2"]);
    await page.keyboard.press("Tab");
    expect(await lit()).toEqual(["cat.1", "dog.3"]);
    await scene.locator(".name[data-object='1']").hover();
    expect(await lit()).toEqual(["cat.1", "hat.2"]);
    await page.locator("h1").hover();
    expect(await lit()).toEqual([]);
    await page.close();
  });

  it.each([390, 768, 1280])("needs no sideways scrolling at a width of %i", async (width) => {
    const { page } = await opened({ width, height: 844 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    await page.close();
  });
});
