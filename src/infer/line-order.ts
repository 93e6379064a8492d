import { type FileHandle, open, rename } from "node:fs/promises";
import { discard } from "../cannot-write.ts";

/** A line of a file: the number of its row, and where its bytes are, the newline included. */
export interface Place {
  readonly index: number;
  readonly start: number;
  readonly bytes: number;
}

/** Whether lines, given as they stand in their file, have the order of their rows. */
export const inOrder = (places: readonly Place[]): boolean =>
  places.every(({ index }, at) => at === 0 || places[at - 1]!.index < index);

/** How much of a file is in memory while it is written anew. */
const pieceBytes = 1 << 22;

/**
 * Writes the lines of a file in the order of their rows; readers see the old file or the new one.
 *
 * Errors: those of `node:fs`; the old file is as it was then.
 */
export async function rewriteInOrder(
  path: string,
  from: FileHandle,
  places: readonly Place[],
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const to = await open(temporary, "w");
    try {
      let piece: Buffer[] = [];
      let held = 0;
      const write = async () => {
        await to.appendFile(Buffer.concat(piece));
        piece = [];
        held = 0;
      };
      for (const { start, bytes } of places.toSorted((a, b) => a.index - b.index)) {
        const line = Buffer.alloc(bytes);
        await from.read(line, 0, bytes, start);
        piece.push(line);
        held += bytes;
        if (held >= pieceBytes) await write();
      }
      await write();
      await to.sync();
    } finally {
      await to.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await discard(temporary);
    throw cause;
  }
}
