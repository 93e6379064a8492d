import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { qwen2Vl } from "../../src/core/models/families.ts";
import type { Row } from "../../src/data/row.ts";
import { paperSampling } from "../../src/infer/chat.ts";
import type { InferOptions } from "../../src/infer/infer.ts";
import { paperPixels } from "../../src/infer/question.ts";
import { plainImage, temporaryFolder } from "../data/rows-file.ts";
import { type Asked, chatAnswer, type Reply, standIn } from "./stand-in-server.ts";

/** A folder for one test: numbered images, and the predictions file. */
export async function workplace() {
  const folder = await temporaryFolder();
  const out = join(folder, "predictions/out.jsonl");
  /** Rows whose images have their number as width, so that a server can tell them apart. */
  const rowsOf = (count: number): Promise<readonly Row[]> =>
    Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const size = [index + 1, 2] as const;
        const image_path = await plainImage(folder, `${index}.png`, size);
        const graph = { objects: [], relationships: [] };
        return { image_id: `i${index}`, image_path, width: size[0], height: size[1], ...graph };
      }),
    );
  const written = (): Promise<string> => readFile(out, "utf8");
  /** Three requests at a time, quick to try again, unless said otherwise. */
  const options = (part: {
    readonly rows: readonly Row[];
    readonly urls: readonly string[];
    readonly [option: string]: unknown;
  }): InferOptions => {
    const { urls, ...rest } = part;
    const servers = urls.map((url) => ({ url, model: "tiny" }));
    const texts = { system: "Be brief.", prompt: "Draw\n" };
    const pixels = { ...paperPixels, resize: "server" } as const;
    const settings = { sampling: paperSampling, concurrency: 3, backoffMs: 1 };
    return { servers, out, family: qwen2Vl, pixels, ...texts, ...settings, ...rest };
  };
  return { folder, out, rowsOf, written, options };
}

/** A stand-in that serves the model "tiny"; it is asked, and counts, questions about images alone. */
export async function sampler(reply: (asked: Asked, count: number) => Reply | Promise<Reply>) {
  const asked: Asked[] = [];
  const server = await standIn((one) => {
    if (one.path === "/v1/models") return { body: { data: [{ id: "tiny" }] } };
    return reply(one, asked.push(one));
  });
  return { ...server, asked };
}

/** The number of the image in a request: the width in a PNG's header. */
export function imageOf({ body }: Asked): number {
  const { messages } = body as { messages: { content: { image_url?: { url: string } }[] }[] };
  const url = messages[1]!.content[0]!.image_url!.url;
  return Buffer.from(url.slice(url.indexOf(",") + 1), "base64").readUInt32BE(16) - 1;
}

/** The answer to a numbered image. */
export const good = (asked: Asked): Reply => ({ body: chatAnswer(`answer ${imageOf(asked)}`) });

/** The line that is written for a numbered image. */
export const line = (index: number, response = `answer ${index}`): string =>
  `${JSON.stringify({ image_id: `i${index}`, response, box_scale: [1000, 1000] })}\n`;

/** The lines of the first images. */
export const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("");
