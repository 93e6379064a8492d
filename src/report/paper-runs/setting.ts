/** A value of a run that a script and a recipe can both have; null for none. */
export type Setting = string | number | boolean | null;

/** The values of a run by their names in `docs/paper-runs.md`. */
export type Settings = Readonly<Record<string, Setting>>;

/** A launch script of the reference: its flags with shell variables filled in. */
export interface ReferenceScript {
  readonly program: string;
  readonly nodes: number | null;
  readonly gpus_per_node: number | null;
  /** Those that train, where others of the job sample. */
  readonly training_gpus?: number;
  readonly time?: string;
  readonly flags: Readonly<Record<string, Setting>>;
  readonly env?: Readonly<Record<string, Setting>>;
}

/** How a checkpoint is called that a script takes as its argument, and a recipe from another one. */
export const checkpoint = "a model of SFT";

/** A value in words. */
export const settingText = (value: Setting): string =>
  value === null ? "–" : value === true ? "yes" : value === false ? "no" : String(value);
