/** A step of a BuildKit build, as it is told again and again while it goes on. */
export interface Vertex {
  readonly digest: string;
  /** For example `[build 2/3] RUN npm ci`. */
  readonly name: string;
  readonly cached: boolean;
  readonly started: boolean;
  readonly completed: boolean;
  readonly error: string;
}

/** What one message of BuildKit's tells. */
export interface BuildkitStatus {
  readonly vertexes: readonly Vertex[];
  /** What the command of a step wrote. */
  readonly logs: readonly { readonly vertex: string; readonly text: string }[];
}

/**
 * Reads a `moby.buildkit.trace` message: protobuf, `StatusResponse` of BuildKit's control API.
 *
 * dockerode decodes it too, but gives lines without the step that they belong to.
 *
 * Errors: RangeError when the bytes end in the middle of a field.
 */
export function readBuildkitStatus(bytes: Uint8Array): BuildkitStatus {
  const fields = fieldsOf(bytes);
  return {
    vertexes: fields.filter(isField(1)).map(({ value }) => toVertex(value)),
    logs: fields.filter(isField(3)).map(({ value }) => {
      const log = fieldsOf(value);
      return { vertex: textOf(log, 1), text: textOf(log, 4) };
    }),
  };
}

function toVertex(bytes: Uint8Array): Vertex {
  const fields = fieldsOf(bytes);
  return {
    digest: textOf(fields, 1),
    name: textOf(fields, 3),
    cached: fields.some(({ field, value }) => field === 4 && value[0] === 1),
    started: fields.some(isField(5)),
    completed: fields.some(isField(6)),
    error: textOf(fields, 7),
  };
}

interface Field {
  readonly field: number;
  /** The bytes of a length-delimited field; of a number, its lowest seven bits. */
  readonly value: Uint8Array;
}

const isField =
  (wanted: number) =>
  ({ field }: Field): boolean =>
    field === wanted;

const textOf = (fields: readonly Field[], wanted: number): string =>
  new TextDecoder().decode(fields.find(isField(wanted))?.value);

/** The fields of a protobuf message, in order. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const readNumber = (): number => {
    let number = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError("Cannot read a protobuf message: it ends early");
      number += (byte & 127) * scale;
      if (byte < 128) return number;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length)
      throw new RangeError("Cannot read a protobuf message: it ends early");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = readNumber();
    const type = tag % 8;
    const field = Math.floor(tag / 8);
    if (type === 0) fields.push({ field, value: Uint8Array.of(readNumber() % 128) });
    else fields.push({ field, value: take(type === 2 ? readNumber() : type === 1 ? 8 : 4) });
  }
  return fields;
}
