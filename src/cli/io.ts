/** Where a command speaks: `print` is the result (stdout), `warn` everything said to people (stderr). */
export interface Io {
  readonly print: (text: string) => void;
  readonly warn: (text: string) => void;
}
