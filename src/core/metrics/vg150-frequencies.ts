import { namesIn } from "../classes/class-names.ts";
import type { Frequencies } from "./predicate-groups.ts";

const counts = namesIn(`
  on 712409, has 277936, in 251756, of 146339, wearing 136099, near 96589, with 66425,
  above 47341, holding 42722, behind 41356, under 22596, sitting on 18643, wears 15457,
  standing on 14185, in front of 13715, attached to 10190, at 9903, hanging from 9894,
  over 9317, for 9145, riding 8856, carrying 5213, eating 4688, walking on 4613, playing 3810,
  covering 3806, laying on 3739, along 3624, watching 3490, and 3477, between 3411,
  belonging to 3288, painted on 3095, against 3092, looking at 3083, from 2945, parked on 2721,
  to 2517, made of 2380, covered in 2312, mounted on 2253, says 2241, part of 2065,
  across 1996, flying in 1973, using 1925, on back of 1914, lying on 1869, growing on 1853,
  walking in 1740
`);

/**
 * How often Visual Genome has each predicate of VG150.
 *
 * Source: `predicate_count` of `VG-SGG-dicts.json`, Xu et al. 2017, which counts all of Visual Genome
 */
export const vg150Frequencies: Frequencies = {
  source: "VG-SGG-dicts.json",
  counts: new Map(
    counts.map((entry) => {
      const space = entry.lastIndexOf(" ");
      return [entry.slice(0, space), Number(entry.slice(space))];
    }),
  ),
};
