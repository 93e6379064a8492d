import { type ImageSize, smartResize } from "../geometry/smart-resize.ts";

/** Between how many pixels a model's processor brings an image. */
export interface PixelLimits {
  readonly minPixels: number;
  readonly maxPixels: number;
}

/** What differs between the models of the paper, as far as asking and reading them goes. */
export interface ModelFamily {
  readonly name: "qwen2-vl" | "qwen2.5-vl" | "llava-1.5" | "llava-1.6";
  /** `model_type` in the model's config.json. */
  readonly modelType: string;
  /** How the names of its models can be told. */
  readonly named: RegExp;
  /** What divides the sides of the image that the model sees; absent where they are fixed. */
  readonly factor?: number;
  /** What boxes go up to: thousandths, the image that the model sees, or the square it is cut to. */
  readonly boxes: "thousandths" | "seen image" | "square";
  /** Whether it is asked with a system message; else with the user's alone. */
  readonly system: boolean;
  /** What the user message begins with. */
  readonly first: "image" | "text";
}

const qwen = { factor: 28, system: true, first: "image" } as const;
const llava = { boxes: "square", system: false, first: "text" } as const;

/**
 * The families that can be asked.
 *
 * Source: R1-SGG e4de64d `src/sgg_inference_vllm.py`: `box_scale` [1000, 1000] for Qwen2-VL, 14 times
 * the patches of the image for Qwen2.5-VL, [336, 336] for LLaVA, which gets no system message and its
 * text before the image. `model_type`: transformers 5.17
 */
export const modelFamilies: readonly ModelFamily[] = [
  {
    ...{ name: "qwen2-vl", modelType: "qwen2_vl", named: /qwen-?2-?vl/i },
    ...{ boxes: "thousandths", ...qwen },
  },
  {
    ...{ name: "qwen2.5-vl", modelType: "qwen2_5_vl", named: /qwen-?2[._]?5-?vl/i },
    ...{ boxes: "seen image", ...qwen },
  },
  { name: "llava-1.5", modelType: "llava", named: /llava-?v?1\.5/i, ...llava },
  { name: "llava-1.6", modelType: "llava_next", named: /llava-?(v?1\.6|next)/i, ...llava },
];

/** The family that no vLLM serves: it answers four-way questions, asked by the worker, and draws no boxes. */
export const unservedFamily = "instructblip";

/** The name of a family that recipes know. */
export type FamilyName = ModelFamily["name"] | typeof unservedFamily;

/** Of what most of the paper is: Qwen2-VL. */
export const qwen2Vl: ModelFamily = modelFamilies[0]!;

/** The family of this name. */
export const familyNamed = (name: string): ModelFamily | undefined =>
  modelFamilies.find((family) => family.name === name);

/** The family of a model whose config.json has this `model_type`. */
export const familyOfType = (modelType: string): ModelFamily | undefined =>
  modelFamilies.find((family) => family.modelType === modelType);

/**
 * The family that the name of a model tells: a Hub id, a folder, or what a server calls it.
 *
 * @example
 * familyOfModel("Qwen/Qwen2.5-VL-7B-Instruct")?.name; // "qwen2.5-vl"
 * familyOfModel("checkpoint-400"); // undefined
 */
export const familyOfModel = (model: string): ModelFamily | undefined =>
  modelFamilies.find(({ named }) => named.test(model));

/**
 * What the boxes go up to in an answer about an image, width first.
 *
 * Unit:   `size` in pixels of the stored image; the scale in those of the image that the model sees.
 * Range:  positive.
 * Errors: RangeError for an image that the processor refuses, as in {@link smartResize}.
 *
 * @example
 * const limits = { minPixels: 3136, maxPixels: 401408 };
 * boxScaleOf(familyNamed("qwen2.5-vl")!, { width: 800, height: 600 }, limits); // [728, 532]
 */
export function boxScaleOf(
  family: ModelFamily,
  size: ImageSize,
  limits: PixelLimits,
): readonly [number, number] {
  if (family.boxes === "thousandths") return [1000, 1000];
  if (family.boxes === "square") return [336, 336];
  const { width, height } = smartResize(size, { factor: family.factor ?? 28, ...limits });
  return [width, height];
}
