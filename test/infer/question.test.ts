import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { familyNamed } from "../../src/core/models/families.ts";
import type { Row } from "../../src/data/row.ts";
import { paperSampling } from "../../src/infer/chat.ts";
import { type Asking, boxScale, paperPixels, toRequest } from "../../src/infer/question.ts";
import { plainImage, temporaryFolder } from "../data/rows-file.ts";

async function row(width: number, height: number): Promise<Row> {
  const image_path = await plainImage(await temporaryFolder(), "x.jpg", [width, height]);
  return { image_id: "x", image_path, width, height, objects: [], relationships: [] };
}

const asking = (family: string, part: Partial<Asking["pixels"]> = {}): Asking => ({
  family: familyNamed(family)!,
  ...{ system: "Be brief.", prompt: "Draw", sampling: paperSampling },
  pixels: { ...paperPixels, resize: "here", ...part },
});

/** The type and size of the image in a request. */
async function sent({ messages }: Awaited<ReturnType<typeof toRequest>>) {
  const parts = messages.at(-1)!.content as { image_url?: { url: string } }[];
  const url = parts.find((part) => part.image_url)!.image_url!.url;
  const { width, height, format } = await sharp(
    Buffer.from(url.split(",")[1]!, "base64"),
  ).metadata();
  expect(url.startsWith(`data:image/${format};base64,`)).toBe(true);
  return [format, width, height];
}

describe("toRequest", () => {
  it.each(["qwen2-vl", "qwen2.5-vl"])(
    "asks %s with system message and image first",
    async (name) => {
      const { messages, ...rest } = await toRequest(await row(56, 56), "m", asking(name));
      expect(messages.map(({ role }) => role)).toEqual(["system", "user"]);
      const parts = messages[1]!.content as { type: string }[];
      expect(parts.map(({ type }) => type)).toEqual(["image_url", "text"]);
      expect(rest).toEqual({ model: "m", ...paperSampling });
    },
  );

  it.each(["llava-1.5", "llava-1.6"])("asks %s with the user message alone", async (name) => {
    const small = { minPixels: 1, maxPixels: 2 };
    const body = await toRequest(await row(56, 40), "m", asking(name, small));
    expect(body.messages.map(({ role }) => role)).toEqual(["user"]);
    const parts = body.messages[0]!.content as { type: string }[];
    expect(parts.map(({ type }) => type)).toEqual(["text", "image_url"]);
    expect(await sent(body)).toEqual(["jpeg", 56, 40]); // it has no limits: nothing is resized
  });

  it("resizes an image outside the limits, and that one alone", async () => {
    const limits = { minPixels: 3136, maxPixels: 18816 };
    const sizeOf = async (width: number, height: number) =>
      sent(await toRequest(await row(width, height), "m", asking("qwen2-vl", limits)));
    // 120 x 150 is seen as 112 x 140, which is within: the server rounds it.
    expect(await sizeOf(120, 150)).toEqual(["jpeg", 120, 150]);
    // 130 x 140 would be seen as 140 x 140, too many: ratio √(18200 / 18816) = 0.9835; 132.2, 142.3.
    expect(await sizeOf(130, 140)).toEqual(["png", 112, 140]);
    // 90 x 239 would be seen as 84 x 252: ratio √(21510 / 18816) = 1.0692; 84.2, 223.5.
    expect(await sizeOf(90, 239)).toEqual(["png", 84, 196]);
    // 300 x 100: ratio √(30000 / 18816) = 1.2627; 237.6 and 79.2 in whole 28s.
    expect(await sizeOf(300, 100)).toEqual(["png", 224, 56]);
    // 30 x 30 is rounded to 28 x 28: ratio √(3136 / 900) = 1.867; 56.
    expect(await sizeOf(30, 30)).toEqual(["png", 56, 56]);
  });

  it("tells the server the limits where that is asked for, and sends the image as it is", async () => {
    const wide = await row(300, 100);
    const limits = { minPixels: 3136, maxPixels: 18816 };
    const told = await toRequest(wide, "m", asking("qwen2-vl", { ...limits, resize: "request" }));
    expect(told.mm_processor_kwargs).toEqual({ min_pixels: 3136, max_pixels: 18816 });
    expect(await sent(told)).toEqual(["jpeg", 300, 100]);
    const known = await toRequest(wide, "m", asking("qwen2-vl", { ...limits, resize: "server" }));
    expect(known).not.toHaveProperty("mm_processor_kwargs");
    expect(await sent(known)).toEqual(["jpeg", 300, 100]);
    const other = await toRequest(wide, "m", asking("llava-1.5", { ...limits, resize: "request" }));
    expect(other).not.toHaveProperty("mm_processor_kwargs");
  });
});

it("boxScale is that of the family, and for Qwen2.5-VL that of the image as it is seen", async () => {
  const limits = { minPixels: 3136, maxPixels: 18816 };
  const wide = await row(300, 100);
  const scales = ["qwen2-vl", "qwen2.5-vl", "llava-1.6"].map((name) =>
    boxScale(wide, asking(name, limits)),
  );
  expect(scales).toEqual([
    [1000, 1000],
    [224, 56],
    [336, 336],
  ]);
});
