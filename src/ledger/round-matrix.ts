/**
 * Controlled rounding: a table of exact amounts becomes whole yen so that every row keeps its sum, every column keeps its sum
 * to the yen above or below (exactly, when it is whole), and no cell moves by a yen or more (Causey, Cox, Ernst 1985).
 */

type Cell = { row: number; column: number };

/**
 * Rounds `cells` (scaled by `scale`, all ≥ 0) to whole units. Every row's sum must be whole; throws RangeError otherwise.
 * Deterministic: the same table always gives the same result.
 */
export function roundMatrix(cells: readonly (readonly bigint[])[], scale: bigint): bigint[][] {
  for (const row of cells) {
    if (row.reduce((a, b) => a + b, 0n) % scale !== 0n) throw new RangeError('a row does not sum to whole units');
  }
  const width = cells[0]?.length ?? 0;
  const slack = Array.from({ length: width }, (_, column) => {
    const sum = cells.reduce((total, row) => total + (row[column] ?? 0n), 0n);
    return (scale - (sum % scale)) % scale;
  });
  // With the slack row all sums are whole, so every row and column with a fractional cell has a second one: a cycle exists.
  const table = [...cells.map((row) => [...row]), slack];
  for (;;) {
    const cycle = findCycle(table, scale);
    if (cycle === null) break;
    shift(table, cycle, scale);
  }
  return table.slice(0, -1).map((row) => row.map((cell) => cell / scale));
}

const at = (table: readonly (readonly bigint[])[], cell: Cell): bigint => table[cell.row]?.[cell.column] ?? 0n;

/**
 * A cycle in the graph whose nodes are rows and columns and whose edges are fractional cells; null when no cell is fractional.
 * The walk leaves each node by another edge than it came by, so it must meet a node again; its edges since then are the cycle.
 */
function findCycle(table: readonly (readonly bigint[])[], scale: bigint): Cell[] | null {
  const isOpen = (cell: Cell) => at(table, cell) % scale !== 0n;
  const first = table.findIndex((_, row) => rowCells(table, row).some(isOpen));
  if (first < 0) return null;
  const nodes = [first];
  const edges: Cell[] = [];
  for (;;) {
    const node = nodes.at(-1) ?? first;
    const previous = edges.at(-1);
    const onRow = edges.length % 2 === 0;
    const candidates = onRow ? rowCells(table, node) : table.map((_, row) => ({ row, column: node }));
    const edge = candidates.find(
      (cell) => isOpen(cell) && (cell.row !== previous?.row || cell.column !== previous.column),
    );
    if (edge === undefined) throw new RangeError('a fractional cell stands alone; the sums were not whole');
    edges.push(edge);
    const next = onRow ? edge.column : edge.row;
    // Nodes alternate row, column, row …: the same kind stands at the same parity.
    const met = nodes.findIndex((known, index) => known === next && index % 2 === nodes.length % 2);
    if (met >= 0) return edges.slice(met);
    nodes.push(next);
  }
}

function rowCells(table: readonly (readonly bigint[])[], row: number): Cell[] {
  return (table[row] ?? []).map((_, column) => ({ row, column }));
}

function shift(table: bigint[][], cycle: readonly Cell[], scale: bigint): void {
  const room = cycle.map((cell, index) => {
    const fraction = at(table, cell) % scale;
    return index % 2 === 0 ? scale - fraction : fraction;
  });
  let amount = scale;
  for (const one of room) if (one < amount) amount = one;
  cycle.forEach((cell, index) => {
    const cells = table[cell.row];
    if (cells) cells[cell.column] = at(table, cell) + (index % 2 === 0 ? amount : -amount);
  });
}
