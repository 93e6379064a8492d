import type { PlanRole, RunPlan } from "../run-plan.ts";

/** A row of the drawing: a node, or several alike one after another. */
interface Row {
  readonly name: string;
  /** One label a GPU; neighbours with the same sampler make one cell. */
  readonly cells: readonly Cell[];
  readonly beside: string;
}

interface Cell {
  readonly label: string;
  readonly gpus: number;
}

/** So many alike nodes in a row are drawn as one. */
const alike = 4;

/**
 * Nodes as rows and GPUs as cells, each with who has it; who runs on CPUs stands beside.
 *
 * Unit: `columns` of the terminal; cells get narrower to fit, and no narrower than their names.
 */
export function drawNodes(plan: RunPlan, columns: number): string {
  const rows = joined(Array.from({ length: plan.topology.nodes }, (_, node) => rowOf(plan, node)));
  const left = Math.max(...rows.map(({ name }) => name.length)) + 1;
  const { gpusPerNode } = plan.topology;
  if (gpusPerNode === 0)
    return rows.map(({ name, beside }) => `${name.padEnd(left)} ${beside}`).join("\n");
  const drawing = drawRows(rows, left, gpusPerNode, columns);
  if (drawing.split("\n").every((line) => line.length <= columns)) return drawing;
  const short = drawRows(rows.map(shortened), left, gpusPerNode, columns);
  return `${short}\n\n${" ".repeat(left + 1)}T trainer, S sampler`;
}

/** With letters for names, which a note under the drawing explains. */
const shortened = (row: Row): Row => ({
  ...row,
  cells: row.cells.map(({ label, gpus }) => ({
    label: label.replaceAll("trainer", "T").replaceAll("sampler-", "S"),
    gpus,
  })),
});

function drawRows(
  rows: readonly Row[],
  left: number,
  gpusPerNode: number,
  columns: number,
): string {
  const beside = Math.max(...rows.map((row) => row.beside.length));
  const label = Math.max(
    ...rows.flatMap(({ cells }) =>
      cells.map((cell) => Math.ceil((cell.label.length + 1 - cell.gpus) / cell.gpus)),
    ),
    5,
  );
  const room = Math.floor((columns - left - beside - 2) / gpusPerNode) - 1;
  const width = Math.max(label, Math.min(label + 2, room));
  const margin = " ".repeat(left);
  const border = (from: string, middle: string, to: string): string =>
    `${margin}${from}${Array.from({ length: gpusPerNode }, () => "─".repeat(width)).join(middle)}${to}`;
  const heads = Array.from({ length: gpusPerNode }, (_, i) => centred(`gpu ${i}`, width)).join(" ");
  const drawn = rows.map(
    ({ name, cells, beside }) =>
      `${name.padEnd(left)}│${cells.map((cell) => centred(cell.label, cell.gpus * (width + 1) - 1)).join("│")}│ ${beside}`,
  );
  return [
    `${margin} ${heads}`,
    border("┌", "┬", "┐"),
    drawn.join(`\n${border("├", "┼", "┤")}\n`),
    border("└", "┴", "┘"),
  ]
    .join("\n")
    .replace(/ +$/gm, "");
}

const centred = (text: string, width: number): string => {
  const left = Math.max(0, Math.floor((width - text.length) / 2));
  return `${" ".repeat(left)}${text}`.padEnd(width);
};

function rowOf({ roles, topology }: RunPlan, node: number): Row {
  const here = roles.filter(({ nodes }) => nodes.includes(node));
  const owners = Array.from({ length: topology.gpusPerNode }, (_, gpu) =>
    here.filter(({ gpus }) => gpus.includes(gpu)),
  );
  const beside = here.filter(({ gpus }) => gpus.length === 0).map(({ name }) => name);
  return { name: `node ${node}`, cells: toCells(owners), beside: beside.join(", ") };
}

function toCells(owners: readonly (readonly PlanRole[])[]): readonly Cell[] {
  const cells: Cell[] = [];
  for (const roles of owners) {
    const label = roles.length === 0 ? "idle" : roles.map(({ name }) => name).join(" + ");
    const last = cells.at(-1);
    const continues = last?.label === label && roles[0]?.name.startsWith("sampler-");
    if (last && continues) cells.splice(-1, 1, { label, gpus: last.gpus + 1 });
    else cells.push({ label, gpus: 1 });
  }
  return cells;
}

/** More than four alike nodes in a row become one. */
function joined(rows: readonly Row[]): readonly Row[] {
  const same = (a: Row, b: Row) =>
    JSON.stringify([a.cells, a.beside]) === JSON.stringify([b.cells, b.beside]);
  const out: Row[] = [];
  for (let i = 0; i < rows.length; ) {
    const first = rows[i]!;
    const end = rows.findIndex((row, j) => j > i && !same(row, first));
    const count = (end < 0 ? rows.length : end) - i;
    if (count > alike) out.push({ ...first, name: `nodes ${i} to ${i + count - 1}` });
    else out.push(...rows.slice(i, i + count));
    i += count;
  }
  return out;
}
