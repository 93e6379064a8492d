/** What a row of a parquet file says, in the form of a JSONL line; its image apart. */
export interface ParquetValue {
  readonly value: Readonly<Record<string, unknown>>;
  /** The image's bytes, where they are in the file. */
  readonly bytes?: Uint8Array;
  /** The image's path, as the file has it: beside bytes no more than a name. */
  readonly path?: string;
}

/**
 * A row as hyparquet gives it, in plain JSON values.
 *
 * Whole numbers of 64 bits become numbers, and one as `image_id` becomes text: the reference's
 * evaluation turns it into text too. Nothing stands for null.
 *
 * Errors: `notText` knows them
 */
export function parquetValue({ image, ...rest }: Readonly<Record<string, unknown>>): ParquetValue {
  const value: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(rest)) {
    const seen = plain(one);
    if (seen !== undefined) value[name] = seen;
  }
  if (typeof value.image_id === "number") value.image_id = String(rest.image_id);
  return { value, ...imageParts(image) };
}

/** Whether an error is that of bytes that are no text. */
export const notText = (cause: unknown): boolean =>
  cause instanceof TypeError &&
  "code" in cause &&
  cause.code === "ERR_ENCODING_INVALID_ENCODED_DATA";

function imageParts(image: unknown): { bytes?: Uint8Array; path?: string } {
  if (image === null || image === undefined) return {};
  if (image instanceof Uint8Array) return { bytes: image };
  if (typeof image === "string") return { path: image };
  const { bytes, path } = image as { bytes?: Uint8Array | null; path?: Uint8Array | string | null };
  const name = plain(path);
  return {
    ...(bytes && { bytes }),
    ...(typeof name === "string" && name !== "" && { path: name }),
  };
}

/** Bytes that are no text are an error, and a mark at the beginning stays: it is part of the text. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function plain(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return utf8.decode(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as [], plain);
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}
