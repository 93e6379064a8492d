import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder with these files, gone after the test. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "r1sgg-recipe-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** A small recipe of SFT, whole. */
export const sftYaml = `name: small
stage: sft
model: { id: Qwen/Qwen2-VL-2B-Instruct, revision: ${"a".repeat(40)} }
prompt: { user: open, system: system-short }
image: { max_pixels: 401408 }
data:
  train: { id: someone/rows, rows: 1000 }
sft:
  epochs: 3
  batch_size: 128
  per_device_batch_size: 4
  learning_rate: 1e-5
`;
