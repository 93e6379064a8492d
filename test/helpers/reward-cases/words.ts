import { psg } from "../../../src/core/classes/psg.ts";
import { vg150 } from "../../../src/core/classes/vg150.ts";
import type { Random } from "../../../src/core/random-stream.ts";

/** Names as models misspell them, and names on which readers of text differ. */
export const oddNames: readonly string[] = [
  ...["traffic light", "traffic_light", "traffic-light", "Traffic  Light", "old__man", "MAN"],
  ...["wall-other-merged", "wall other merged", "window-blind", "T-shirt", "mna", "manhole cover"],
  ...["", " ", "  ", " man", "man ", "\tman\n", "\u00a0man", "man\u2003", "\u001cman", "\ufeffman"],
  ...["json", "json man", "myjson.file", "```", "a```b", "<answer>", "</answer>", "<think>man"],
  ...["İstanbul", "STRASSE", "straße", "ΣΑΣ", "Ǆungla", "ﬁsh", "Ⅷ", "é", "e\u0301", "狗", "собака"],
  ...[
    "😀",
    "👨‍👩‍👧",
    "man\u200b",
    "x",
    "42",
    "3.14",
    "$5",
    "don't",
    "man's",
    "man/woman",
    "(man)",
    "@man",
  ],
  ...["the big red dog on the left", "a\nb", "a\u2028b", "__proto__", "constructor", "null", "NaN"],
  ...["man\ud800", "\udc00", '"', "\\", "{}", "[1]"],
];

/** Predicates that no list has. */
export const oddPredicates: readonly string[] = [
  ...["On", "in_front_of", "in-front-of", " riding ", "riding.fast", ".on", "", " ", "on  top of"],
  ...["wearing\u00a0", "ON TOP OF", "is to the left of", "json", "近く", "o\ud83dn", "parked-on"],
];

/** A name of VG150 or PSG, frequent ones more often, as in the data. */
export const drawName = (random: Random): string => drawFrom(random, "objects");

/** A predicate, a few of them most of the time. */
export const drawPredicate = (random: Random): string => drawFrom(random, "predicates");

function drawFrom(random: Random, list: "objects" | "predicates"): string {
  const names = random.unit() < 0.8 ? vg150[list] : psg[list];
  // Any order will do for who is frequent; the cube makes a long tail.
  return names[(Math.floor(random.unit() ** 3 * names.length) * 37) % names.length]!;
}
