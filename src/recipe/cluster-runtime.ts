import { z } from "zod";
import { edfFault } from "./edf-hooks.ts";
import { section } from "./section.ts";

const absolute = z.string().regex(/^\/[^\0\n,:]*$/, "expected an absolute path without , and :");
const image = z.string().regex(/^[^\0\n\s]+$/, "expected an image without blanks");

/** One image for each kind of program. */
const images = section({ worker: image, sampler: image, reward: image });

/** A folder of the node that containers see; the run folder and the caches are always added. */
const mount = section({
  from: absolute,
  /** Null for the same path inside. */
  to: absolute.nullable().default(null),
  read_only: z.boolean().default(false),
});

const contained = { images, mounts: z.array(mount).default([]) };

/** Options of the runtime itself, one word each, for what a site needs beyond ours. */
const options = z.array(z.string().regex(/^[^\0\n]+$/, "expected one word")).default([]);

/**
 * How a role's command runs on a node: as it is (`none`, with what `setup` puts on PATH), or in a
 * container of Apptainer, pyxis with enroot, CSCS's Container Engine (an EDF file for each image),
 * or Docker.
 */
export const clusterRuntime = z.discriminatedUnion("kind", [
  section({ kind: z.literal("none") }),
  section({ kind: z.literal("apptainer"), ...contained, options }),
  section({ kind: z.literal("pyxis"), ...contained }),
  section({
    kind: z.literal("edf"),
    ...contained,
    /** The EDF's `[annotations]`: hooks of the site, such as `com.hooks.aws_ofi_nccl.enabled`. */
    annotations: z.record(z.string().regex(/^[\w.-]+$/), z.string()).default({}),
    /** Runs the image's own entrypoint first. */
    entrypoint: z.boolean().default(false),
    writable: z.boolean().default(true),
  }).superRefine((runtime, context) => {
    const fault = edfFault(runtime);
    if (fault)
      context.addIssue({
        code: "custom",
        path: ["annotations"],
        input: runtime.annotations,
        message: fault,
      });
  }),
  section({
    kind: z.literal("docker"),
    ...contained,
    /** The program: `docker`, or `podman` where it stands in for it. */
    program: z.enum(["docker", "podman"]).default("docker"),
    options,
  }),
]);

/** A checked runtime. */
export type ClusterRuntime = z.infer<typeof clusterRuntime>;
