import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findFamily } from "../../src/infer/family.ts";
import { temporaryFolder } from "../data/rows-file.ts";

async function modelFolder(name: string, config: string): Promise<string> {
  const folder = join(await temporaryFolder(), name);
  await mkdir(folder);
  await writeFile(join(folder, "config.json"), config);
  return folder;
}

const rest = "expected --family with one of qwen2-vl, qwen2.5-vl, llava-1.5, llava-1.6";

describe("findFamily", () => {
  it("takes the one that is named, whatever the model is called", async () => {
    expect((await findFamily("llava-1.6", ["Qwen/Qwen2-VL-7B-Instruct"])).name).toBe("llava-1.6");
  });

  it("believes config.json more than a name", async () => {
    const folder = await modelFolder("qwen2-vl-7b", '{"model_type": "qwen2_5_vl"}');
    expect((await findFamily("auto", ["qwen2-vl", folder])).name).toBe("qwen2.5-vl");
  });

  it("goes by the name where there is no config.json, or a broken one", async () => {
    const folder = await modelFolder("llava-1.5-7b-hf", "{");
    expect((await findFamily("auto", ["policy", folder])).name).toBe("llava-1.5");
    expect((await findFamily("auto", ["Qwen/Qwen2.5-VL-3B-Instruct"])).name).toBe("qwen2.5-vl");
  });

  it("says when nothing tells, or something it does not know", async () => {
    await expect(findFamily("auto", ["policy", "/nowhere/checkpoint-7"])).rejects.toThrow(
      `Cannot tell the family of model "policy": neither its name nor a config.json tells, ${rest}`,
    );
    const folder = await modelFolder("m", '{"model_type": "qwen3_vl"}');
    await expect(findFamily("auto", ["qwen2-vl", folder])).rejects.toThrow(
      `Cannot tell the family of model "qwen2-vl": model_type "qwen3_vl" in its config.json, ${rest}`,
    );
  });
});
