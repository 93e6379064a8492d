import { type ClusterProfile, clusterProfile } from "./cluster-profile.ts";
import { type LoadOptions, loadRecipe } from "./load.ts";

/**
 * Reads a cluster profile as a recipe is read: with `extends`, `--set` and `${env:NAME}`.
 *
 * Errors: SggError RECIPE that lists every fault with its line and path
 */
export const loadClusterProfile = (
  path: string,
  options: LoadOptions = {},
): Promise<ClusterProfile> => loadRecipe(path, clusterProfile, options);
