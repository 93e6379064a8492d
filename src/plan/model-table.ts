import type { FamilyName } from "../core/models/families.ts";

/** What the planner knows of a model. */
export interface ModelSize {
  readonly family: FamilyName;
  readonly parameters: number;
  /** Those of the image encoder, with what leads from it to the language model. */
  readonly visionParameters: number;
  /** Attention heads of the language model; those of its keys and values. */
  readonly heads: number;
  readonly keyValueHeads: number;
}

const table: Readonly<Record<string, ModelSize>> = {
  "Qwen/Qwen2-VL-2B-Instruct": {
    ...{ family: "qwen2-vl", parameters: 2_208_985_600, visionParameters: 665_271_296 },
    ...{ heads: 12, keyValueHeads: 2 },
  },
  "Qwen/Qwen2-VL-7B-Instruct": {
    ...{ family: "qwen2-vl", parameters: 8_291_375_616, visionParameters: 675_759_104 },
    ...{ heads: 28, keyValueHeads: 4 },
  },
  "Qwen/Qwen2.5-VL-3B-Instruct": {
    ...{ family: "qwen2.5-vl", parameters: 3_754_622_976, visionParameters: 668_684_288 },
    ...{ heads: 16, keyValueHeads: 2 },
  },
  "Qwen/Qwen2.5-VL-7B-Instruct": {
    ...{ family: "qwen2.5-vl", parameters: 8_292_166_656, visionParameters: 676_550_144 },
    ...{ heads: 28, keyValueHeads: 4 },
  },
  "llava-hf/llava-1.5-7b-hf": {
    ...{ family: "llava-1.5", parameters: 7_063_427_072, visionParameters: 324_487_168 },
    ...{ heads: 32, keyValueHeads: 32 },
  },
  "llava-hf/llava-v1.6-vicuna-7b-hf": {
    ...{ family: "llava-1.6", parameters: 7_063_431_168, visionParameters: 324_491_264 },
    ...{ heads: 32, keyValueHeads: 32 },
  },
};

/** The ids of the table, for messages. */
export const knownModels: readonly string[] = Object.keys(table);

/**
 * What is known of a model by its Hub id; undefined for one that is not in the table.
 *
 * Source: the models' config.json; the counts are those of transformers' classes, which the test adds
 * up from the sizes
 */
export const modelSize = (id: string): ModelSize | undefined =>
  Object.hasOwn(table, id) ? table[id] : undefined;
