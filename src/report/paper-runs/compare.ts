import { type Setting, type Settings, settingText } from "./setting.ts";

/** A value that a recipe has otherwise than the script it stands for, and why. */
export interface Difference {
  readonly name: string;
  readonly script: Setting;
  readonly recipe: Setting;
  /** Undefined where the recipe gives no reason. */
  readonly why: string | undefined;
}

/** Where a recipe and a script agree, in words, and where they do not. */
export interface Comparison {
  readonly same: readonly string[];
  readonly different: readonly Difference[];
}

/** Sets the values of a script and of a recipe side by side, name by name, where the script has one. */
export function compareSettings(
  script: Settings,
  recipe: Settings,
  reasons: Readonly<Record<string, string>>,
): Comparison {
  const names = Object.keys(script).filter((name) => script[name] !== null && name in recipe);
  const isSame = (name: string) => script[name] === recipe[name];
  return {
    same: names.filter(isSame).map((name) => `${name} ${settingText(script[name] ?? null)}`),
    different: names
      .filter((name) => !isSame(name))
      .map((name) => ({
        name,
        script: script[name] ?? null,
        recipe: recipe[name] ?? null,
        why: reasons[name],
      })),
  };
}
