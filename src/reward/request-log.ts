import { open } from "node:fs/promises";

/** A file to which each answered request adds one line of JSON. */
export interface RequestLog {
  /** Resolves when the line is written; a failure leaves no part of it behind. */
  readonly append: (line: Uint8Array) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens a log for appending, so that a path that cannot be written shows before the first request. */
export async function openRequestLog(path: string): Promise<RequestLog> {
  const file = await open(path, "a");
  let length = (await file.stat()).size;
  let last: Promise<void> = Promise.resolve();

  const write = async (line: Uint8Array): Promise<void> => {
    try {
      await file.appendFile(line);
      length += line.length;
    } catch (error) {
      await file.truncate(length).catch(() => {}); // the first error is the one to tell
      throw error;
    }
  };

  return {
    append: (line) => {
      const written = last.then(() => write(line));
      last = written.catch(() => {}); // told to the request that it belongs to
      return written;
    },
    close: async () => {
      await last;
      await file.close();
    },
  };
}
