import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { galleryScriptHash } from "../../src/report/gallery/script.ts";
import { reportHtml } from "../../src/report/html.ts";
import { pageScript, pageScriptHash } from "../../src/report/page-script.ts";
import { gallery, hostile, image, report } from "./report-fixture.ts";

describe("reportHtml", () => {
  it("escapes every text that it is given", () => {
    const page = reportHtml(report);
    expect(page).not.toContain(hostile);
    expect(page).not.toContain("<script>window");
    expect(page).not.toContain("<img");
    expect(page.split("<script").length).toBe(3); // its own two
    expect(page).toContain("&lt;/script&gt;&lt;script&gt;window.owned=1");
  });

  it("lets its own script run, by its hash, and no other", () => {
    const hash = createHash("sha256").update(pageScript).digest("base64");
    expect(pageScriptHash).toBe(`sha256-${hash}`);
    expect(reportHtml(report)).toContain(
      `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '${pageScriptHash}' '${galleryScriptHash}'`,
    );
  });

  it("names the reason of a parse failure, and what a method did not answer", () => {
    const page = reportHtml(report);
    expect(page.split('<span class="badge bad">failed: no graph</span>').length - 1).toBe(1);
    expect(page.split('<span class="badge bad">no answer</span>').length - 1).toBe(1);
  });

  it("shows durations as people say them", () => {
    expect(reportHtml(report)).toContain(">12.3 s<");
    expect(reportHtml(report)).toContain(">2 min 00 s<");
  });

  it("holds each picture once", () => {
    expect(reportHtml(report).split(image.thumbnail).length - 1).toBe(1);
  });

  it("leaves out the parts that have nothing to show", () => {
    const bare = { ...report, rows: [], curves: [], gallery: null, checks: [], stages: [] };
    const heads = [...reportHtml(bare).matchAll(/<h[23]>([^<]*)</g)].map(([, text]) => text);
    expect(heads).toEqual(["The run"]);
  });

  it("refuses a picture that a reader's browser would have to fetch", () => {
    const fetched = { ...gallery.images[0]!, picture: "https://example.org/x.png" };
    const refused = { ...gallery, images: [fetched] };
    expect(() => reportHtml({ ...report, gallery: refused })).toThrow(TypeError);
  });
});
