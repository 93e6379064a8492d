import type { EdfRuntime } from "./runtime.ts";

/** What an EDF needs beside its image, by the kind of image. */
export type EdfHooks = Pick<EdfRuntime, "annotations" | "entrypoint">;

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
    return 'both com.hooks.aws_ofi_nccl.enabled "true" (for NGC images) and com.hooks.cxi.enabled "false" (for Alps Extended Images), expected one of them';
  if (ownLibrary && !entrypoint)
    return 'com.hooks.cxi.enabled "false" without entrypoint, expected entrypoint true: an Alps Extended Image sets up its network there';
  return undefined;
}
