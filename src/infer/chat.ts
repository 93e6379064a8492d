import { z } from "zod";
import type { PixelLimits } from "../core/models/families.ts";

/** How tokens are drawn; the paper's values are in {@link paperSampling}. */
export interface Sampling {
  readonly temperature: number;
  /** 0: no limit. */
  readonly top_k: number;
  readonly top_p: number;
  readonly max_tokens: number;
  /** Added to the logits, by token id; -100 keeps a token from being drawn. */
  readonly logit_bias?: Readonly<Record<string, number>>;
}

/** The sampling of the paper's inference: greedy in all but name. Source: spec of R1-SGG e4de64d. */
export const paperSampling: Sampling = {
  temperature: 0.01,
  top_k: 1,
  top_p: 0.001,
  max_tokens: 2048,
};

/** What one image is asked with. */
export interface Question {
  readonly model: string;
  /** Absent for a model that takes no system message. */
  readonly system?: string;
  readonly prompt: string;
  /** A data URL. */
  readonly image: string;
  /** What the user message begins with; the image by default. */
  readonly first?: "image" | "text";
  /** What the server's image processor is to keep to, where that is said with each request. */
  readonly pixels?: PixelLimits;
  readonly sampling: Sampling;
}

/** The body of a chat request: the system message, then the user's with image and text. */
export function toChatRequest({ model, system, prompt, image, first, pixels, sampling }: Question) {
  const content = [
    { type: "image_url", image_url: { url: image } },
    { type: "text", text: prompt },
  ];
  return {
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: "system", content: system }]),
      { role: "user", content: first === "text" ? content.toReversed() : content },
    ],
    ...sampling,
    ...(pixels && {
      mm_processor_kwargs: { min_pixels: pixels.minPixels, max_pixels: pixels.maxPixels },
    }),
  };
}

/** A model that a server lists; `root` is what it was loaded from. */
export type ServedModel = z.infer<typeof served>;

const served = z.object({ id: z.string(), root: z.string().nullish() });
const chatAnswer = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
});
const modelList = z.object({ data: z.array(served).min(1) });

/** The text of a chat answer; none is the empty text. Errors: SyntaxError for anything else. */
export const readChatAnswer = (text: string): string =>
  parseAs(chatAnswer, text, "choices[0].message").choices[0]!.message.content ?? "";

/** The models that a server lists, at least one. Errors: SyntaxError for anything else. */
export const readModels = (text: string): readonly ServedModel[] =>
  parseAs(modelList, text, "data[0].id").data;

function parseAs<T extends z.ZodType>(schema: T, text: string, wanted: string): z.output<T> {
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new SyntaxError(`${text.slice(0, 80)}: no ${wanted}`);
}
