/**
 * Seconds of a time as Slurm writes it: `HH:MM:SS` or `D-HH:MM:SS`.
 *
 * Errors: none; the schemas have checked the text.
 *
 * @example
 * seconds("1-02:00:30"); // 93630
 */
export function seconds(time: string): number {
  const [, days = "0", hours, minutes, rest] = /^(?:(\d+)-)?(\d+):(\d+):(\d+)$/.exec(time) ?? [];
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(rest);
}

/**
 * A number of whole seconds as Slurm writes a time.
 *
 * Errors: none.
 *
 * @example
 * duration(93630); // "1-02:00:30"
 */
export function duration(seconds: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const rest = `${two(hours)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return days === 0 ? rest : `${days}-${rest}`;
}
