import { type Fault, type Place, placeText } from "./fault.ts";

/** Notes ids as they come; gives a fault for one that was there before. */
export function idsSeen(): (id: string | undefined, place: Place) => Fault | undefined {
  const first = new Map<string, Place>();
  return (id, place) => {
    if (id === undefined) return undefined;
    const before = first.get(id);
    if (before === undefined) {
      first.set(id, place);
      return undefined;
    }
    return {
      ...place,
      image_id: id,
      field: "image_id",
      found: `the id of ${placeText(before)} again`,
      expected: "an id of its own",
    };
  };
}
