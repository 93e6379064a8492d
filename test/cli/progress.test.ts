import { describe, expect, it } from "vitest";
import { showProgress } from "../../src/cli/progress.ts";

/** A stream that keeps what is written, and a clock that we turn. */
function fake(terminal: { isTTY?: boolean; columns?: number } = {}) {
  let text = "";
  let now = 0;
  const write = (more: string) => {
    text += more;
  };
  const progress = showProgress({ ...terminal, write }, () => now);
  return {
    progress,
    wait: (ms: number) => {
      now += ms;
    },
    written: () => {
      const before = text;
      text = "";
      return before;
    },
  };
}

describe("showProgress on a terminal", () => {
  it("rewrites one line, keeps what is said above it, and takes it away", () => {
    const { progress, written } = fake({ isTTY: true, columns: 40 });
    progress.update("sft", "step 1/9");
    progress.update("sft", "step 2/9");
    progress.update("sft", "step 2/9");
    expect(written()).toBe("\r\x1b[Ksft: step 1/9\r\x1b[Ksft: step 2/9");
    progress.say("model: done");
    expect(written()).toBe("\r\x1b[Kmodel: done\n\r\x1b[Ksft: step 2/9");
    progress.stop();
    expect(written()).toBe("\r\x1b[K");
    progress.stop();
    progress.say("bye");
    expect(written()).toBe("bye\n");
  });

  it("never wraps, and lets no control character through", () => {
    const { progress, written } = fake({ isTTY: true, columns: 12 });
    progress.update("a\x1b[31mb\nc", "0123456789");
    expect(written()).toBe("\r\x1b[Kab c: 0123…");
    const sizeless = fake({ isTTY: true, columns: 0 }); // what `script` and some consoles say
    sizeless.progress.update("sft", "step 1/9");
    expect(sizeless.written()).toBe("\r\x1b[Ksft: step 1/9");
  });
});

describe("showProgress elsewhere", () => {
  it("writes a line for each stage, and one every 15 s within it", () => {
    const { progress, wait, written } = fake();
    progress.update("sft", "step 1/9");
    progress.update("sft", "step 2/9");
    wait(15_000);
    progress.update("sft", "step 3/9");
    progress.update("grpo");
    progress.say("note");
    progress.stop();
    expect(written()).toBe("sft: step 1/9\nsft: step 3/9\ngrpo\nnote\n");
  });
});
