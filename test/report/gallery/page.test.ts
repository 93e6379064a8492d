import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Gallery } from "../../../src/report/gallery/gallery.ts";
import { galleryScript, galleryScriptHash } from "../../../src/report/gallery/script.ts";
import { gallerySection } from "../../../src/report/gallery/section.ts";
import { galleryStyle } from "../../../src/report/gallery/style.ts";
import { pageHtml } from "../../../src/report/page.ts";
import { launchBrowser } from "../../helpers/browser.ts";
import { requires } from "../../helpers/requires.ts";
import { hostile } from "../report-fixture.ts";
import { gallery, hostileGallery } from "./fixture.ts";

const pageOf = (...galleries: readonly Gallery[]): string =>
  pageHtml({
    title: "Galleries",
    style: galleryStyle,
    script: { text: galleryScript, hash: galleryScriptHash },
    main: galleries.map((one, place) => gallerySection(one, place)),
  });

requires("chromium").describe("galleries in a browser", () => {
  let browser: Browser;
  let folder: string;
  let address: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "r1sgg-gallery-"));
    await writeFile(join(folder, "index.html"), pageOf(gallery(), hostileGallery));
    address = pathToFileURL(join(folder, "index.html")).href;
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function opened(width = 1280): Promise<{ page: Page; said: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 844 } });
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith("data:") && request.url() !== address) said.push(request.url());
    });
    await page.goto(address);
    return { page, said };
  }

  const first = (page: Page) => page.locator(".gallery").first();
  const strip = async (page: Page) =>
    (await first(page).locator("[role=option]:visible .name").allTextContents()).join(" ");
  const choose = (page: Page, name: string, value: string) =>
    first(page).locator(`[data-choose=${name}]`).selectOption(value);
  const shown = (page: Page) => first(page).locator("article:visible h3").textContent();

  it("says nothing to the console, asks for nothing and obeys no hostile text", async () => {
    const { page, said } = await opened();
    await page.locator(".gallery").nth(1).locator("article:visible summary").first().click();
    expect(said).toEqual([]);
    expect(await page.evaluate("window.owned")).toBeUndefined();
    expect(await page.locator("pre").locator("visible=true").first().textContent()).toBe(hostile);
    expect(await page.locator("img").count()).toBe(0);
    await page.close();
  });

  it("filters by failure, predicate, best and worst, and says when nothing is left", async () => {
    const { page } = await opened();
    expect(await strip(page)).toBe("one two three four five");
    await choose(page, "which", "failures");
    expect(await strip(page)).toBe("four");
    expect(await shown(page)).toContain("four");
    await choose(page, "by", "1");
    expect(await strip(page)).toBe("");
    expect(await first(page).locator(".count").textContent()).toBe(
      "No image of the 5 is like that.",
    );
    expect(await first(page).locator("article:visible").count()).toBe(0);
    await choose(page, "which", "all");
    await choose(page, "predicate", "under");
    expect(await strip(page)).toBe("three five");
    await choose(page, "predicate", "");
    await choose(page, "which", "worst");
    expect(await strip(page)).toBe("three five one four two");
    await choose(page, "which", "best");
    expect(await strip(page)).toBe("two one four three five");
    expect(await first(page).locator(".count").textContent()).toBe("5 of 5 images");
    await page.close();
  });

  it("orders by a model, by the mean, and by the difference of two", async () => {
    const { page } = await opened();
    await choose(page, "order", "best");
    expect(await strip(page)).toBe("one two four five three"); // means 75, 75, 25, 25, 0
    await choose(page, "by", "1");
    expect(await strip(page)).toBe("two one four three five");
    await choose(page, "minus", "0");
    expect(await strip(page)).toBe("two four three one five"); // 50, 50, 0, -50, -50
    await choose(page, "order", "data");
    expect(await strip(page)).toBe("one two three four five");
    await page.close();
  });

  it("is used by keyboard: arrows, Home, End, Enter and Escape, with the focus seen", async () => {
    const { page } = await opened();
    await first(page).locator("[data-panel]").first().focus();
    const focused = () => page.evaluate("document.activeElement.id");
    for (let i = 0; i < 10 && !String(await focused()).endsWith("-option"); i += 1)
      await page.keyboard.press("Tab");
    expect(await focused()).toBe("scene-0-0-option");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    expect(await focused()).toBe("scene-0-2-option");
    expect(await shown(page)).toContain("three");
    const outline = "getComputedStyle(document.activeElement).outlineStyle";
    expect(await page.evaluate(outline)).toBe("solid");
    await page.keyboard.press("ArrowLeft");
    expect(await shown(page)).toContain("two");
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowRight");
    expect(await focused()).toBe("scene-0-4-option");
    await page.keyboard.press("Home");
    expect(await focused()).toBe("scene-0-0-option");
    expect(await page.locator('.gallery [aria-selected="true"]').count()).toBe(2); // one a gallery
    await page.keyboard.press("Enter");
    expect(await focused()).toBe("scene-0-0");
    await page.keyboard.press("Tab");
    const lit = first(page).locator(".scene.lit .drawing .on.name text");
    expect(await lit.allTextContents()).toEqual(["cat.1", "hat.2"]);
    await page.keyboard.press("Escape");
    expect(await focused()).toBe("scene-0-0-option");
    await page.close();
  });

  it("has a name for every control and image", async () => {
    const { page } = await opened();
    const nameless =
      await page.evaluate(`[...document.querySelectorAll("select, input, [role=option], [role=listbox], article, form")]
      .filter((one) => !(one.labels?.length || one.getAttribute("aria-label"))).map((one) => one.outerHTML.slice(0, 80))`);
    expect(nameless).toEqual([]);
    const label = await page.locator("#scene-0-3-option").getAttribute("aria-label");
    expect(label).toBe("four; A: failed; B: R@100 50 %");
    await page.close();
  });

  it("hides panels and layers of its own gallery alone", async () => {
    const { page } = await opened();
    const panel = (at: number) => page.locator(".gallery").nth(at).locator("article:visible");
    const second = panel(1).locator('[data-method="truth"]');
    await first(page).locator('[data-panel="truth"]').uncheck();
    await first(page).locator('[data-layer="names"]').uncheck();
    expect(await panel(0).locator('[data-method="truth"]').isVisible()).toBe(false);
    expect(await panel(0).locator(".drawing .name").first().isVisible()).toBe(false);
    expect(await second.isVisible()).toBe(true);
    expect(await second.locator(".drawing .name").first().isVisible()).toBe(true);
    const gone = panel(0).locator('[data-method="1"] .drawing .gone:not(.end)').first();
    expect(await gone.isVisible()).toBe(true);
    await first(page).locator('[data-layer="missing"]').uncheck();
    expect(await gone.isVisible()).toBe(false);
    await page.close();
  });

  it.each([390, 768, 1280])("needs no sideways scrolling at a width of %i", async (width) => {
    const { page } = await opened(width);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    await page.close();
  });
});
