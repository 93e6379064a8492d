/**
 * How long a server asks to be left alone, by its `Retry-After`: seconds, or the date of the end.
 *
 * Unit:   milliseconds; `now` is those of the clock, since 1970.
 * Range:  from 0; 0 also for no header, for a date that has passed, and for what cannot be read.
 * Source: RFC 9110, section 10.2.3
 */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
