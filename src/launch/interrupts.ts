const asked = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A request to stop that reached this process. */
export type Interrupt = (typeof asked)[number];

/**
 * Hears Ctrl-C, `kill` and a closing terminal until the returned function is called.
 *
 * `first` is told once; every Ctrl-C or `kill` after it calls `again`. A hang-up never does: a
 * closing terminal may send it more than once, and nobody has asked for haste.
 */
export function onInterrupt(first: (signal: Interrupt) => void, again: () => void): () => void {
  let count = 0;
  const hear = (signal: NodeJS.Signals): void => {
    if (count++ === 0) first(signal as Interrupt);
    else if (signal !== "SIGHUP") again();
  };
  for (const signal of asked) process.on(signal, hear);
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners("error").includes(ignoreClosed)) stream.on("error", ignoreClosed);
  }
  return () => {
    for (const signal of asked) process.off(signal, hear);
  };
}

/** A terminal or pipe that is gone must not end the clean-up; it stays so for the last words too. */
function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (!["EIO", "EPIPE", "ENXIO", "EBADF", "ECONNRESET"].includes(error.code ?? "")) throw error;
}
