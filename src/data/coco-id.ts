/**
 * The number of an image in COCO by the name of its file, twelve digits as COCO names them; undefined for
 * any other name.
 *
 * Source: COCO 2017 (`train2017/000000417720.jpg`) and 2014 (`COCO_val2014_000000417720.jpg`)
 *
 * @example
 * cocoIdOf("train2017/000000417720.jpg"); // 417720
 */
export function cocoIdOf(path: string): number | undefined {
  const digits = /(?:^|[/\\]|COCO_(?:train|val|test)2014_)(\d{12})\.jpg$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits) || undefined;
}
