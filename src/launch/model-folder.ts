import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SggError } from "../errors.ts";

/** Model types that the worker trains and vLLM serves. */
const known = ["qwen2_vl", "qwen2_5_vl"];

/** Where transformers keeps an image processor, by its version. */
const processors = ["preprocessor_config.json", "processor_config.json"];

/**
 * Looks at a model folder as far as that goes without Python.
 *
 * Errors: SggError DATA naming the file that is missing or says something else.
 */
export async function checkModelFolder(folder: string): Promise<void> {
  const cannot = (found: string, expected: string) =>
    new SggError("DATA", `Cannot use model "${folder}": ${found}, expected ${expected}`);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    const found = error.code === "ENOENT" ? "nothing there" : error.message;
    throw cannot(found, "a folder with config.json and weights");
  });
  if (!names.includes("config.json")) throw cannot("no config.json", "one in the folder");
  const type = modelType(await readFile(join(folder, "config.json"), "utf8"));
  if (type === undefined || !known.includes(type))
    throw cannot(`model_type "${type}" in config.json`, known.join(" or "));
  if (!names.some((name) => processors.includes(name)))
    throw cannot("no preprocessor_config.json", "the model's processor");
  if (!names.some((name) => name.endsWith(".safetensors")))
    throw cannot("no .safetensors file", "the model's weights");
}

function modelType(config: string): string | undefined {
  try {
    return String((JSON.parse(config) as { model_type?: unknown } | null)?.model_type);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
