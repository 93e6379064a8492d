/** Width and height in pixels, as stored. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** More pixels than PIL opens. */
export const mostPixels = 178_956_970;

/** The numbers of the tables that were defined so far. */
export interface Tables {
  readonly quantisation: Set<number>;
  /** Class in the high four bits (0 DC, 1 AC), number in the low ones. */
  readonly huffman: Set<number>;
}

/** What a frame header says. */
export interface Frame extends PixelSize {
  readonly progressive: boolean;
  readonly components: ReadonlyMap<number, Component>;
}

interface Component {
  readonly quantisation: number;
  /** Sampling factors. */
  readonly across: number;
  readonly down: number;
}

/** Blocks that one unit of an interleaved scan may have (T.81 B.2.3). */
const mostBlocks = 10;

/** Notes quantisation tables; false where they are not right. */
export function readQuantisation(segment: Uint8Array, { quantisation }: Tables): boolean {
  let at = 0;
  for (; at < segment.length; at += 1 + (segment[at]! >> 4 === 0 ? 64 : 128)) {
    if (segment[at]! >> 4 > 1 || (segment[at]! & 15) > 3) return false;
    quantisation.add(segment[at]! & 15);
  }
  return at === segment.length;
}

/** Notes Huffman tables; false where they are not right. */
export function readHuffman(segment: Uint8Array, { huffman }: Tables): boolean {
  let at = 0;
  while (at + 17 <= segment.length) {
    const kind = segment[at]! >> 4;
    if (kind > 1 || (segment[at]! & 15) > 3) return false;
    let codes = 0;
    let next = 0;
    for (let bits = 1; bits <= 16; bits += 1) {
      codes += segment[at + bits]!;
      next = (next << 1) + segment[at + bits]!;
      if (next > 1 << bits) return false;
    }
    const symbols = segment.subarray(at + 17, at + 17 + codes);
    if (symbols.length !== codes || codes > 256) return false;
    if (kind === 0 && symbols.some((symbol) => symbol > 15)) return false;
    huffman.add(segment[at]!);
    at += 17 + codes;
  }
  return at === segment.length;
}

/** Reads a frame header of the usual kinds. */
export function readFrame(segment: Uint8Array, progressive: boolean): Frame | undefined {
  const [precision, h1, h2, w1, w2, count = 0] = segment;
  const width = (w1! << 8) | w2!;
  const height = (h1! << 8) | h2!;
  if (precision !== 8 || segment.length !== 6 + 3 * count || (count !== 1 && count !== 3))
    return undefined;
  if (width === 0 || height === 0 || width * height > mostPixels) return undefined;
  const components = new Map<number, Component>();
  for (let at = 6; at < segment.length; at += 3) {
    const [id = 0, sampling = 0, quantisation = 0] = segment.subarray(at, at + 3);
    components.set(id, { quantisation, across: sampling >> 4, down: sampling & 15 });
  }
  if (components.size !== count || !isSampling([...components.values()])) return undefined;
  return { width, height, progressive, components };
}

/** Factors of 1 to 4 that divide the largest: others are allowed, and libjpeg refuses them. */
function isSampling(components: readonly Component[]): boolean {
  return (["across", "down"] as const).every((way) => {
    const factors = components.map((component) => component[way]);
    const most = Math.max(...factors);
    return most <= 4 && factors.every((factor) => factor > 0 && most % factor === 0);
  });
}

/** Whether a scan header uses what is there, in an order that is allowed. */
export function isScan(
  segment: Uint8Array,
  { components, progressive }: Frame,
  tables: Tables,
): boolean {
  const count = segment[0] ?? 0;
  if (count < 1 || count > 4 || segment.length !== 4 + 2 * count) return false;
  const [first, last, step] = segment.subarray(1 + 2 * count) as unknown as [
    number,
    number,
    number,
  ];
  if (first > last || last > 63 || step >> 4 > 13 || (step & 15) > 13) return false;
  if (progressive ? (first === 0 ? last !== 0 : count !== 1) : first !== 0 || last !== 63)
    return false;
  if (progressive && step >> 4 !== 0 && step >> 4 !== (step & 15) + 1) return false;
  const seen = new Set<number>();
  let blocks = 0;
  for (let at = 1; at < 1 + 2 * count; at += 2) {
    const component = components.get(segment[at]!);
    if (component === undefined || seen.has(segment[at]!)) return false;
    if (!tables.quantisation.has(component.quantisation)) return false;
    seen.add(segment[at]!);
    blocks += component.across * component.down;
    const [direct, alternating] = [segment[at + 1]! >> 4, 16 + (segment[at + 1]! & 15)];
    const refining = step >> 4 !== 0;
    if (first === 0 && !refining && !tables.huffman.has(direct)) return false;
    if (last > 0 && !tables.huffman.has(alternating)) return false;
  }
  return count === 1 || blocks <= mostBlocks;
}
