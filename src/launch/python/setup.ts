/** What every step of building an environment needs from outside. */
export interface Setup {
  readonly cache: string;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  /** Free bytes of the file system that holds a folder. */
  readonly freeBytes: (folder: string) => Promise<number>;
}
