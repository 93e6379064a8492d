import fc from "fast-check";
import { psg } from "../../src/core/classes/psg.ts";
import { vg150 } from "../../src/core/classes/vg150.ts";
import { spacyTables } from "./spacy.ts";

const names = [vg150, psg].flatMap(({ objects, predicates }) => [...objects, ...predicates]);

/** Texts that spaCy cuts in a way of their own: contractions, times, abbreviations, emoticons. */
const specialCases = Object.keys(spacyTables.special_cases);

/** Pieces at which its tokenizer, or Python's idea of a character, may differ from ours. */
const pieces: readonly string[] = [
  ..."abcdefgXYZ0189.,:;!?'\"`´’‘“”„«»…—–-_~/\\|()[]{}<>*&^%$#@+=€£¥°§©®™½²³¹①⑳ⅷⅣ",
  ..." \t\n\r\u000b\f\u001c\u001f\u0085\u00a0\u1680\u180e\u2003\u2009\u200b\u2028\u202f\u3000\ufeff\0",
  ..."ßẞİıΣσςÀéñøŁžĲǅǈǲŒÆæÐþαβγЖяҐאבجدणअกขあア漢字한글ᏣꭰᲐაⒶⓐªº",
  ...[
    "a\u0301",
    "\u0307",
    "\u200d",
    "\ufe0f",
    "👩‍👩‍👧",
    "😀",
    "🇩🇪",
    "𝐀",
    "𐐀𐐨",
    "𝟘",
    "፩",
    "᧚",
    "𐩀",
    "🄀",
  ],
  ...["'s", "’s", "n't", "'ll", "'re", "''", "``", "--", "---", "...", "..", "://", "www.", ".com"],
  ...["http://", "user@host.org", "127.0.0.1", "10.5", "1,000", "5kg", "10am", "3rd", "$5", "50%"],
  ...[
    ":)",
    ":-(",
    "<3",
    "^_^",
    "(╯°□°）╯︵┻━┻",
    "¯\\(ツ)/¯",
    "e.g.",
    "U.S.",
    "C++",
    "c.",
    "Mr.",
    "km²",
  ],
];

const word = (): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...names) },
    { weight: 2, arbitrary: fc.constantFrom(...specialCases) },
    { weight: 2, arbitrary: fc.stringMatching(/^[a-z]{1,12}$/) },
    { weight: 1, arbitrary: fc.constantFrom(...pieces) },
  );

const typo = (): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...names), fc.nat(), fc.nat(3), fc.constantFrom(...pieces))
    .map(([name, where, cut, piece]) => {
      const at = where % (name.length + 1);
      return name.slice(0, at) + piece + name.slice(at + cut);
    });

const inflected = (): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...names),
      fc.constantFrom("s", "es", "ing", "ed", "'s", "s'", "-like", " 2", ".", "er", ",", "!", " "),
    )
    .map((parts) => parts.join(""));

const compound = (): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(word(), fc.constantFrom(" ", " ", " ", "  ", "-", "_", "/", "", ", ", "'")), {
      minLength: 1,
      maxLength: 5,
    })
    .map((parts) =>
      parts
        .map(([text, joint]) => text + joint)
        .join("")
        .slice(0, 80),
    );

const awkward = (): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 10 }).map((parts) => parts.join(""));

/** Any characters, mostly unassigned ones left out by the caller. */
const anything = (): fc.Arbitrary<string> => fc.string({ unit: "grapheme", maxLength: 12 });

const cased = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.nat(9))
    .map(([one, how]) => (how === 0 ? one.toUpperCase() : how === 1 ? capital(one) : one));

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** What a model may write as a name, and what it hopefully never will; no lone surrogates. */
export const phrase = (): fc.Arbitrary<string> =>
  cased(
    fc.oneof(
      { weight: 1, arbitrary: fc.constantFrom(...names) },
      { weight: 3, arbitrary: inflected() },
      { weight: 4, arbitrary: typo() },
      { weight: 5, arbitrary: compound() },
      { weight: 3, arbitrary: awkward() },
      { weight: 2, arbitrary: anything() },
    ),
  );
