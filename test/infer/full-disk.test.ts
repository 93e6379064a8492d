import { execa } from "execa";
import { expect } from "vitest";
import { shipped } from "../../src/root.ts";
import { temporaryFolder } from "../data/rows-file.ts";
import { requires } from "../helpers/requires.ts";

// A real disk of 64 KiB, in a mount namespace of its own that ends with the process.
requires("mounts").it("a full disk costs no whole line, and the file goes on", async () => {
  const program = `
    import { openPredictions } from ${JSON.stringify(shipped("src/infer/predictions-file.ts"))};
    import { readFileSync } from "node:fs";
    const ids = ["a", "b", "c", "d"];
    const answer = (index, length) =>
      ({ image_id: ids[index], response: "x".repeat(length), box_scale: [1000, 1000] });
    const file = await openPredictions("p.jsonl", ids);
    await file.put(1, answer(1, 9));
    const put = (index, length) => file.put(index, answer(index, length)).then(() => "put", (error) => error.message);
    const first = [await put(0, 100_000), await put(2, 9)];
    await file.close();
    const left = readFileSync("p.jsonl", "utf8");
    const again = await openPredictions("p.jsonl", ids);
    for (const index of [3, 0, 2]) await again.put(index, answer(index, 9));
    await again.finish();
    const lines = readFileSync("p.jsonl", "utf8").trimEnd().split("\\n").map((line) => JSON.parse(line).image_id);
    console.log(JSON.stringify({ first, left, held: [...again.held], lines }));`;
  const folder = await temporaryFolder();
  const { stdout } = await execa("unshare", [
    ...["--map-root-user", "--mount", "sh", "-c"],
    'mount -t tmpfs -o size=64k tmpfs "$1" && cd "$1" && exec "$2" --input-type=module -e "$3"',
    ...["sh", folder, process.execPath, program],
  ]);
  const full = expect.stringMatching(/^Cannot write "p\.jsonl": ENOSPC: no space left on device/);
  const line = { image_id: "b", response: "xxxxxxxxx", box_scale: [1000, 1000] };
  expect(JSON.parse(stdout)).toEqual({
    ...{ first: [full, full], left: `${JSON.stringify(line)}\n` },
    ...{ held: [1], lines: ["a", "b", "c", "d"] },
  });
});
