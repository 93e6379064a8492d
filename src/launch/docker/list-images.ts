import type { Engine } from "./engine.ts";

/** One of our images on an engine. */
export interface ListedImage {
  readonly image: string;
  readonly reference: string;
  readonly id: string;
  readonly variant: string;
  readonly base: string;
  readonly digests: readonly string[];
  readonly created: string;
  readonly bytes: number;
}

/** Our images on an engine, by their label, the newest first. Errors: the engine's. */
export async function listImages({ docker }: Engine): Promise<readonly ListedImage[]> {
  const found = await docker.listImages({ filters: { label: ["r1sgg.image"] } });
  return found
    .flatMap((one) =>
      (one.RepoTags ?? [])
        .filter((reference) => reference !== "<none>:<none>")
        .map((reference) => ({
          image: one.Labels["r1sgg.image"] ?? "",
          ...{ reference, id: one.Id, digests: one.RepoDigests ?? [], bytes: one.Size },
          variant: one.Labels["r1sgg.variant"] ?? "",
          base: one.Labels["r1sgg.base"] ?? "",
          created: new Date(one.Created * 1000).toISOString(),
        })),
    )
    .toSorted((a, b) => b.created.localeCompare(a.created) || (a.reference < b.reference ? -1 : 1));
}
