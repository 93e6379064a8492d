/** Python packages whose versions the numbers of a run hang on. */
export const stackPackages = [
  "torch",
  "transformers",
  "trl",
  "vllm",
  "accelerate",
  "datasets",
] as const;

/** Looks for the packages named by its arguments; one that is not there is left out. */
const look = `import importlib.metadata, json, platform, sys
stack = {"python": platform.python_version()}
for name in sys.argv[1:]:
    try:
        stack[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
`;

/** Arguments of a Python that prints its versions by package, as JSON. */
export const stackArguments: readonly string[] = [
  "-c",
  `${look}print(json.dumps(stack))`,
  ...stackPackages,
];

/** Arguments of a Python that prints a run's facts, in whose folder it starts, with its versions. */
export const factsArguments: readonly string[] = [
  "-c",
  `${look}print(json.dumps({**json.load(open("facts.json")), "stack": stack}, indent=2))`,
  ...stackPackages,
];
