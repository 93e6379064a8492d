import { z } from "zod";

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
  readonly system: string;
  readonly prompt: string;
  /** A data URL. */
  readonly image: string;
  readonly sampling: Sampling;
}

/** The body of a chat request: system message, then the image, then the text. */
export const toChatRequest = ({ model, system, prompt, image, sampling }: Question) => ({
  model,
  messages: [
    { role: "system", content: system },
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: image } },
        { type: "text", text: prompt },
      ],
    },
  ],
  ...sampling,
});

const chatAnswer = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
});
const modelList = z.object({ data: z.array(z.object({ id: z.string() })).min(1) });

/** The text of a chat answer; none is the empty text. Errors: SyntaxError for anything else. */
export const readChatAnswer = (text: string): string =>
  parseAs(chatAnswer, text, "choices[0].message").choices[0]!.message.content ?? "";

/** The name of the first model that a server lists. Errors: SyntaxError for anything else. */
export const readModelList = (text: string): string =>
  parseAs(modelList, text, "data[0].id").data[0]!.id;

function parseAs<T extends z.ZodType>(schema: T, text: string, wanted: string): z.output<T> {
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new SyntaxError(`${text.slice(0, 80)}: no ${wanted}`);
}
