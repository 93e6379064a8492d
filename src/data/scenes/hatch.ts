/**
 * A picture under fine hatching that tells where a patch of it is: upright lines that grow stronger from
 * left to right, level lines from top to bottom.
 *
 * Lines are one pixel wide, lighter and darker by turns, so that what is drawn keeps its mean colour. The
 * picture is first brought nearer to grey, so that there is room for them.
 *
 * @param pixels red, green and blue of each pixel, rows from the top; 0 to 255
 * @param strength how much lighter or darker the strongest lines are; levels of 255
 */
export function hatched(
  pixels: Uint8Array,
  [width, height]: readonly [number, number],
  strength: number,
): Buffer {
  const line = (at: number, length: number) =>
    ((at % 2 === 0 ? -1 : 1) * strength * at) / Math.max(1, length - 1);
  const out = new Uint8ClampedArray(pixels.length);
  for (let y = 0, at = 0; y < height; y += 1) {
    const level = line(y, height) + lift;
    for (let x = 0; x < width; x += 1) {
      const lines = level + line(x, width);
      for (const end = at + 3; at < end; at += 1) out[at] = kept * pixels[at]! + lines;
    }
  }
  return Buffer.from(out.buffer);
}

const kept = 0.8;
const lift = 25;
