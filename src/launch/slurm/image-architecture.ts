import { open } from "node:fs/promises";
import { SggError } from "../../errors.ts";
import type { ClusterProfile } from "../../recipe/cluster-profile.ts";

/** Codes of architectures in the header of a SIF file, Apptainer's format of images. */
const architectures: Readonly<Record<string, string>> = {
  "01": "i386",
  "02": "x86_64",
  "03": "arm",
  "04": "aarch64",
  "05": "ppc64",
  "06": "ppc64le",
};

/**
 * For which architecture an image file was built; undefined where the file does not tell: one of another
 * format, or none at all.
 *
 * A SIF begins with 32 bytes for a launcher, the magic word, a version and the code, each ended by NUL.
 *
 * Errors: those of the disk, but for a file that cannot be opened
 */
export async function imageArchitecture(path: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer } = await file.read(Buffer.alloc(48), 0, 48, 0);
    if (buffer.toString("latin1", 32, 41) !== "SIF_MAGIC") return undefined;
    return architectures[buffer.toString("latin1", 45, 47)];
  } finally {
    await file.close();
  }
}

/**
 * Refuses image files that were built for other nodes; what a registry has, nobody can see from here.
 *
 * @throws {SggError} PLAN
 */
export async function checkImages({
  name,
  node,
  runtime,
}: Pick<ClusterProfile, "name" | "node" | "runtime">): Promise<void> {
  if (runtime.kind === "none") return;
  for (const image of new Set(Object.values(runtime.images))) {
    const found = await imageArchitecture(image);
    if (found === undefined || found === node.arch) continue;
    throw new SggError(
      "PLAN",
      `Cannot use image "${image}" on cluster "${name}": it was built for ${found}, expected ${node.arch} (node.arch of the profile)`,
    );
  }
}
