/**
 * `npm run bench:solvers`: what an assignment costs with each solver.
 *
 * Matrices as rewards meet them: matching costs of noisy boxes of a scene, and of a scene whose
 * objects repeat. Solvers take turns on the same matrices; the median time of each is printed.
 */
import { giou } from "../src/core/geometry/giou.ts";
import { l1 } from "../src/core/geometry/l1.ts";
import type { Box } from "../src/core/graph/scene-graph.ts";
import { matchCost } from "../src/core/matching/match-objects.ts";
import { munkresJs } from "../src/core/matching/munkres-js.ts";
import { shortestPath } from "../src/core/matching/shortest-path.ts";
import { randomStream } from "../src/core/random-stream.ts";

const { between } = randomStream("bench-solvers");

const drawBox = (): Box => {
  const [x, y] = [between(0, 0.8), between(0, 0.8)];
  return [x, y, x + between(0.05, 0.2), y + between(0.05, 0.2)];
};

const shake = (box: Box): Box => box.map((value) => value + between(-0.05, 0.05)) as unknown as Box;

/** Costs of `rows` predictions against `columns` targets of `names` different names. */
function drawMatrix(rows: number, columns: number, names: number): Float64Array {
  const targets = Array.from({ length: columns }, drawBox);
  const cost = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const box = shake(targets[row % columns]!);
    for (let column = 0; column < columns; column += 1) {
      const alike = row % names === column % names ? 1 : 0.4;
      const target = targets[column]!;
      cost[row * columns + column] = matchCost(alike, giou(target, box), l1(target, box)).total;
    }
  }
  return cost;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const shapes = [
  ["scene of 10", 10, 10, 8],
  ["scene of 30", 30, 30, 12],
  ["scene of 60", 60, 60, 20],
  ["scene of 100", 100, 100, 30],
  ["one name 100 times", 100, 20, 1],
] as const;

console.log("| matrix | predictions × targets | exact, µs | munkres-js, µs | ratio |");
console.log("|---|---|---|---|---|");
for (const [name, rows, columns, names] of shapes) {
  const times = { exact: [] as number[], munkres: [] as number[] };
  const rounds = rows > 50 ? 30 : 200;
  for (let round = 0; round < rounds; round += 1) {
    const cost = drawMatrix(rows, columns, names);
    for (const [key, solver] of [
      ["exact", shortestPath],
      ["munkres", munkresJs],
    ] as const) {
      const start = performance.now();
      solver.assign(cost, rows, columns);
      times[key].push(1000 * (performance.now() - start));
    }
  }
  const [exact, munkres] = [median(times.exact), median(times.munkres)];
  const cells = [exact.toFixed(0), munkres.toFixed(0), (munkres / exact).toFixed(0)];
  console.log(`| ${name} | ${rows} × ${columns} | ${cells.join(" | ")} |`);
}
