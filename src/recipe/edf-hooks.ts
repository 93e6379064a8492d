/** What an EDF needs beside its image, by the kind of image. */
export interface EdfHooks {
  /** The EDF's `[annotations]`: hooks of the site. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Runs the image's own entrypoint first. */
  readonly entrypoint: boolean;
}

/**
 * The two opposite ways to Slingshot, by the variant of the image.
 *
 * NGC's images (`cuda`) know no Slingshot: the engine's hook puts the aws-ofi-nccl library in. Alps
 * Extended Images (`alps`) bring their own, set up by their entrypoint, and the engine's CXI hook
 * would put another over it. They also want `srun --network=disable_rdzv_get --mpi=pmix`.
 */
export const edfHooks: Readonly<Record<"cuda" | "alps", EdfHooks>> = {
  cuda: {
    annotations: {
      "com.hooks.aws_ofi_nccl.enabled": "true",
      "com.hooks.aws_ofi_nccl.variant": "cuda-dl",
    },
    entrypoint: false,
  },
  alps: { annotations: { "com.hooks.cxi.enabled": "false" }, entrypoint: true },
};

/**
 * What is wrong with the hooks of an EDF, in words; undefined for nothing.
 *
 * A mix of both ways starts, and then talks at a twentieth of the speed or hangs.
 */
export function edfFault({ annotations, entrypoint }: EdfHooks): string | undefined {
  const hook = annotations["com.hooks.aws_ofi_nccl.enabled"] === "true";
  const ownLibrary = annotations["com.hooks.cxi.enabled"] === "false";
  if (hook && ownLibrary)
    return 'expected com.hooks.aws_ofi_nccl.enabled "true" (for NGC images) or com.hooks.cxi.enabled "false" (for Alps Extended Images), not both';
  if (ownLibrary && !entrypoint)
    return 'expected entrypoint true beside com.hooks.cxi.enabled "false": an Alps Extended Image sets up its network there';
  return undefined;
}
