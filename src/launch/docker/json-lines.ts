import { createInterface } from "node:readline";

/** The JSON values of a stream that has one on each line, as Docker's engine answers long requests. */
export async function* jsonLines(stream: NodeJS.ReadableStream): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }))
    if (line.trim() !== "") yield JSON.parse(line);
}
