import sharp from "sharp";
import { cannotWrite, isRefusal } from "../cannot-write.ts";

/** Writes a drawing as PNG on white, at twice the size of a screen's pixels. */
export async function writePng(svg: string, path: string): Promise<void> {
  const image = sharp(Buffer.from(svg), { density: 144 }).flatten({ background: "#ffffff" });
  try {
    await image.png().toFile(path);
  } catch (cause) {
    throw isRefusal(cause) ? cannotWrite(path, cause) : cause;
  }
}
