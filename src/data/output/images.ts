import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize } from "node:path";
import type { EmbeddedImage } from "../found-rows.ts";

/**
 * Puts images into a folder, each under the name that its dataset has for it, and gives that name.
 *
 * A bare name, and an image without one, goes to `images/`; a name that leads out of the folder is
 * not used. The same bytes under the same name are stored once, other bytes get a name of their own.
 *
 * Errors: those of `node:fs`.
 */
export function storeImages(folder: string): (id: string, image: EmbeddedImage) => Promise<string> {
  const stored = new Map<string, string>();
  return async (id, { bytes, path }) => {
    const hash = createHash("sha1").update(bytes).digest("base64");
    const wanted = (path && placeFor(path)) || `images/${plainName(id)}${extension(bytes)}`;
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? wanted : wanted.replace(/(\.\w+)?$/, `-${number}$1`);
      const there = stored.get(name);
      if (there === hash) return name;
      if (there !== undefined) continue;
      stored.set(name, hash);
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes, { flag: "wx" });
      return name;
    }
  };
}

/** A relative path as {@link storeImages} keeps it: one beside the dataset does not look bare. */
export const keptName = (path: string): string => (path.includes("/") ? path : `./${path}`);

function placeFor(path: string): string | undefined {
  const place = normalize(path);
  if (isAbsolute(place) || place.split("/").includes("..") || place === ".") return undefined;
  return path.includes("/") ? place : `images/${place}`;
}

const plainName = (id: string): string => id.replaceAll(/[^\w.-]/g, "_");

function extension(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return ".jpg";
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return ".png";
  return "";
}
