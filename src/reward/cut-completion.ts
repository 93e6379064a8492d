/** A prompt cut on its left must still share this much with the text, or they do not belong together. */
const leastShared = 16;

/**
 * The completion in a text that is a prompt and its completion, or `undefined` when they do not
 * belong together.
 *
 * The prompt comes back from the tokenizer, not quite as it went in: letters composed (NFC), an
 * image's one pad token repeated for each patch, and its beginning missing when it was too long.
 *
 * Source: OpenRLHF 0.11.2 `SingleTurnAgentExecutor.execute`; NFC is the normalizer of Qwen2-VL
 *
 * @example
 * cutCompletion("Name it: a cat", "Name it: "); // "a cat"
 */
export function cutCompletion(text: string, prompt: string): string | undefined {
  if (text.startsWith(prompt)) return text.slice(prompt.length);
  const whole = withSinglePads(text);
  const start = withSinglePads(prompt.normalize("NFC"));
  if (whole.startsWith(start)) return whole.slice(start.length);
  const cut = whole.replace(/^\ufffd+/, ""); // a letter of which some bytes are missing
  const shared = sharedLength(start, cut);
  return shared < leastShared ? undefined : cut.slice(shared);
}

const withSinglePads = (text: string): string =>
  text.replace(/(<\|(?:image|video)_pad\|>)(?:\1)+/g, "$1");

/** Length of the longest end of `prompt` with which `text` begins (Knuth, Morris and Pratt). */
function sharedLength(prompt: string, text: string): number {
  const pattern = text.slice(0, prompt.length);
  const borders = new Int32Array(pattern.length);
  for (let at = 1, length = 0; at < pattern.length; at += 1) {
    while (length > 0 && pattern[at] !== pattern[length]) length = borders[length - 1]!;
    if (pattern[at] === pattern[length]) length += 1;
    borders[at] = length;
  }
  let length = 0;
  for (let at = 0; at < prompt.length; at += 1) {
    while (length > 0 && prompt[at] !== pattern[length]) length = borders[length - 1]!;
    if (prompt[at] === pattern[length]) length += 1;
  }
  return length;
}
