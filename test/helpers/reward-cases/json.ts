/** Marks text that shall stand in the answer as it is. */
const asIs = Symbol("as is");

/** A number, or anything else, exactly as it shall stand in the text. */
export interface Token {
  readonly [asIs]: string;
}

/** @example token("1e999") */
export const token = (text: string): Token => ({ [asIs]: text });

/** Whether a value is a token, and no object of the answer. */
export const isToken = (value: Json): value is Token =>
  typeof value === "object" && value !== null && asIs in value;

/** What an answer may be made of before it is text; lists and objects may be changed in place. */
export type Json = null | boolean | number | string | Token | Json[] | { [key: string]: Json };

/** How JSON is written: between items, between key and value, and whether beyond ASCII is escaped. */
export interface Spelling {
  readonly comma: string;
  readonly colon: string;
  readonly ascii: boolean;
}

/** JSON text with its tokens as they are. */
export function spell(value: Json, spelling: Spelling): string {
  const { comma, colon } = spelling;
  if (isToken(value)) return value[asIs];
  if (Array.isArray(value)) return `[${value.map((item) => spell(item, spelling)).join(comma)}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).map(
      ([key, item]) => `${text(key, spelling)}${colon}${spell(item, spelling)}`,
    );
    return `{${entries.join(comma)}}`;
  }
  return typeof value === "string" ? text(value, spelling) : JSON.stringify(value);
}

const text = (value: string, { ascii }: Spelling): string => {
  const quoted = JSON.stringify(value);
  return ascii
    ? quoted.replace(
        /[\u0080-\uffff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      )
    : quoted;
};
