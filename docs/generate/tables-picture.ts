/** The tables of each room and how they point to one another, read from the migrations; a test holds it against a database. */
import { listMigrations, roomsWithTables } from '../../src/platform/postgres/migrate.ts';
import { drawArcs, heightOf, wrapSvg } from './arc-picture.ts';

export type Schema = {
  /** `room.table`, in the order of the migrations. */
  readonly tables: readonly string[];
  readonly appendOnly: readonly string[];
  /** Foreign keys as pairs of `room.table`, once each. */
  readonly keys: readonly (readonly [from: string, to: string])[];
};

/** What the migrations create, read from their SQL. */
export function readSchema(): Schema {
  const statements = listMigrations().flatMap(({ text }) => text.replaceAll(/--.*$/gm, '').split(/;\s*$/m));
  const tables = new Set<string>();
  const appendOnly = new Set<string>();
  const keys = new Set<string>();
  for (const statement of statements) {
    const created = /\bcreate table (?:if not exists )?(\w+\.\w+)/.exec(statement)?.[1];
    if (created !== undefined) tables.add(created);
    const dropped = /\bdrop table (?:if exists )?(\w+\.\w+)/.exec(statement)?.[1];
    if (dropped !== undefined) tables.delete(dropped);
    const guarded = /\bselect journal\.append_only\('(\w+\.\w+)'\)/.exec(statement)?.[1];
    if (guarded !== undefined) appendOnly.add(guarded);
    const owner = created ?? /\balter table (?:only )?(\w+\.\w+)/.exec(statement)?.[1];
    for (const [, target] of statement.matchAll(/\breferences (\w+\.\w+)/g)) keys.add(`${owner} ${target}`);
  }
  const pairs = [...keys].map((pair) => pair.split(' ') as [string, string]);
  return { tables: [...tables], appendOnly: [...appendOnly], keys: pairs };
}

const PANEL_WIDTH = 430;
const BOX_WIDTH = 250;
const ROW_HEIGHT = 28;
const GAP = 26;

/** The picture as SVG: two columns of rooms; filled boxes are append-only, "fact" marks rows that a fact covers. */
export function renderTables(): string {
  const { tables, appendOnly, keys } = readSchema();
  const heights = [20, 20];
  const elements: string[] = [];
  for (const room of roomsWithTables) {
    const own = tables.filter((table) => table.startsWith(`${room}.`));
    if (own.length === 0) continue;
    const picture = {
      title: room,
      rows: own.map((table) => ({
        name: table.slice(room.length + 1),
        strong: appendOnly.includes(table),
        ...noteOf(keys.filter(([from, to]) => from === table && !to.startsWith(`${room}.`)).map(([, to]) => to)),
      })),
      links: keys
        .filter(([from, to]) => from.startsWith(`${room}.`) && to.startsWith(`${room}.`) && from !== to)
        .map(([from, to]) => [from.slice(room.length + 1), to.slice(room.length + 1)] as const),
    };
    const column = (heights[0] ?? 0) <= (heights[1] ?? 0) ? 0 : 1;
    const y = heights[column] ?? 0;
    elements.push(
      ...drawArcs(picture, { x: 20 + column * PANEL_WIDTH, y, boxWidth: BOX_WIDTH, rowHeight: ROW_HEIGHT }),
    );
    heights[column] = y + heightOf(picture, ROW_HEIGHT) + GAP;
  }
  return wrapSvg(2 * PANEL_WIDTH + 20, Math.max(...heights), 'Tables of each room', elements);
}

function noteOf(foreign: readonly string[]): { note?: string } {
  const words = foreign.map((target) => (target === 'journal.fact' ? 'fact' : `→ ${target}`));
  return words.length === 0 ? {} : { note: words.join(' ') };
}
