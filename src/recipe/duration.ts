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
