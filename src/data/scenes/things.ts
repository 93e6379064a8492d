/** A kind of object: how large it is and how it may stand to others. */
export interface Thing {
  /** Height as a share of the image's shorter side. */
  readonly tall: number;
  /** Width over height. */
  readonly aspect: number;
  /** Whether it may stand on the floor by itself, fly, or neither. */
  readonly stands: "ground" | "air" | "both" | "neither";
  /** What may stand on it, and over which share of its width, from the left. */
  readonly carries?: { readonly names: readonly string[]; readonly top: readonly [number, number] };
  /** What may be inside it. */
  readonly holds?: readonly string[];
}

/** The fourteen kinds, in alphabetical order, which is also the order of objects in a row. */
export const things: Readonly<Record<string, Thing>> = {
  apple: { tall: 0.16, aspect: 0.96, stands: "ground" },
  ball: { tall: 0.2, aspect: 1, stands: "ground" },
  bird: { tall: 0.2, aspect: 1.12, stands: "both" },
  bowl: { tall: 0.27, aspect: 1.16, stands: "ground", holds: ["apple", "fish"] },
  box: {
    tall: 0.36,
    aspect: 1.16,
    stands: "ground",
    carries: { names: ["apple", "ball", "bird", "cat", "cup", "lamp"], top: [0.2, 0.8] },
    holds: ["apple", "ball", "bird", "cat", "cup"],
  },
  car: {
    tall: 0.26,
    aspect: 2,
    stands: "ground",
    carries: { names: ["bird", "cat"], top: [0.4, 0.6] },
  },
  cat: { tall: 0.32, aspect: 0.84, stands: "ground" },
  cup: { tall: 0.15, aspect: 1.2, stands: "neither" },
  fish: { tall: 0.1, aspect: 1.7, stands: "neither" },
  house: {
    tall: 0.52,
    aspect: 0.96,
    stands: "ground",
    carries: { names: ["bird", "cat"], top: [0.45, 0.55] },
  },
  kite: { tall: 0.32, aspect: 0.7, stands: "air" },
  lamp: { tall: 0.38, aspect: 0.5, stands: "ground" },
  table: {
    tall: 0.31,
    aspect: 1.7,
    stands: "ground",
    carries: { names: ["apple", "ball", "bird", "bowl", "cat", "cup", "lamp"], top: [0.15, 0.85] },
  },
  tree: { tall: 0.54, aspect: 0.74, stands: "ground" },
};

/** The names of all kinds, in alphabetical order: the classes of drawn scenes. */
export const thingNames: readonly string[] = Object.keys(things);

/** The kind of a name. Errors: RangeError for a name that is none. */
export function thing(name: string): Thing {
  const found = things[name];
  if (found === undefined) throw new RangeError(`no thing is called "${name}"`);
  return found;
}
