import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { galleryScript, galleryScriptHash } from "../../../src/report/gallery/script.ts";
import { gallerySection } from "../../../src/report/gallery/section.ts";
import { hostile } from "../report-fixture.ts";
import { gallery, hostileGallery, images, plainImage } from "./fixture.ts";

const count = (text: string, part: string) => text.split(part).length - 1;

describe("gallerySection", () => {
  it("escapes every text that it is given", () => {
    const html = gallerySection(hostileGallery, 0);
    expect(html).not.toContain(hostile);
    for (const tag of ["<script", "<img", "</style"]) expect(html).not.toContain(tag);
    expect(html).toContain("&lt;/script&gt;&lt;script&gt;window.owned=1");
  });

  it("holds each picture once, and draws on a plain ground where there is none", () => {
    const bare = { ...images[1]!, picture: null, note: "no picture: x.jpg cannot be read here" };
    const html = gallerySection(gallery({ images: [images[0]!, bare] }), 0);
    expect(count(html, "data:image/png")).toBe(1);
    expect(html).toContain('<rect id="scene-0-1-picture"');
    expect(html).toContain("no picture: x.jpg cannot be read here");
    expect(count(html, 'class="drawing"')).toBe(6);
  });

  it("leaves images out beyond its bound, and says how many", () => {
    const whole = gallerySection(gallery(), 0);
    const cut = gallerySection(gallery(), 0, whole.length / 2);
    expect(cut.length).toBeLessThan(whole.length);
    const shown = count(cut, "<article");
    expect(shown).toBeGreaterThan(0);
    expect(cut).toContain(`${5 - shown} more are left out, for the page would be too large.`);
  });

  it("is no larger for a model that repeats itself", () => {
    const said = Array.from({ length: 5000 }, () => ({
      ...{ subject: "cat.1", predicate: "x".repeat(500), object: "hat.2" },
    }));
    const graph = { objects: images[0]!.target.objects, relationships: said };
    const response = "y".repeat(1e6);
    const answers = [{ prediction: { ok: true, graph }, response }] as const;
    const html = gallerySection(
      gallery({ models: ["A"], images: [{ ...images[0]!, answers }] }),
      0,
    );
    expect(html.length).toBeLessThan(120_000);
    expect(html).toContain("and 4940 more");
    expect(html).toContain("1000000 characters, the first 6000 here");
  });

  it("refuses a picture that a reader's browser would have to fetch", () => {
    const fetched = { ...plainImage("x", ["all"]), picture: "https://example.org/x.png" };
    expect(() => gallerySection(gallery({ images: [fetched] }), 0)).toThrow(TypeError);
  });

  it("says why there are no images", () => {
    const html = gallerySection(gallery({ images: [], notes: ["The answers are gone."] }), 0);
    expect(html).toContain("The answers are gone.");
    expect(html).not.toContain("<form");
  });
});

it("lets its own script run, by its hash", () => {
  const hash = createHash("sha256").update(galleryScript).digest("base64");
  expect(galleryScriptHash).toBe(`sha256-${hash}`);
});
