/** The rooms from top to bottom and who imports whom, read from the source itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { packageRoot } from '../../src/platform/package-root.ts';
import { drawArcs, heightOf, wrapSvg } from './arc-picture.ts';

/** In the order of their ranks; edges first. The note says what a room is for, in few words and two languages. */
export const rooms = {
  cli: 'the command line · コマンド',
  http: 'the status page · 状況ページ',
  demo: 'a fictional breach with stand-ins for vendors · デモ',
  workers: 'one file per queue · 待ち行列の受け手',
  desk: 'what can be done: operations behind every door · 操作の窓口',
  evidence: 'bundle, verification, one person’s story · 請求資料と検証',
  ledger: 'facts × prices, invoices, claim · 台帳と保険金',
  contacts: 'calls, cases, volume · 問合せ',
  delivery: 'waves, mails, letters, gifts, next step · 送付',
  notice: 'texts, checked and rendered · お知らせ',
  intake: 'roster to people, frozen lists · 名簿',
  campaign: 'folder, wave, plan, approvals, consents, law · 案件',
  jobs: 'the catalogue of jobs · ジョブの目録',
  journal: 'facts and the chain · 事実の記録簿',
  platform: 'PostgreSQL, queues, SMTP, keys, files · 外の世界',
  kernel: 'yen, days, ids, errors · どこでも同じ意味のもの',
} as const satisfies Record<string, string>;

/** Everybody may use these; an arrow from each room to each of them would hide all others. */
const FLOOR = ['platform', 'kernel'];

const WIDTH = 760;
const ROW_HEIGHT = 40;

/** Room of a file, by its path from the package's root. */
function roomOf(file: string): string {
  if (file === join('src', 'jobs.ts')) return 'jobs';
  const [top, room] = file.split('/');
  return top === 'workers' ? 'workers' : (room ?? '');
}

/** Pairs of rooms between which at least one import stands, once each, in the order of the rooms. */
export function listRoomImports(): (readonly [string, string])[] {
  const files = ['src', 'workers'].flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  );
  const found = new Set(
    files.flatMap((file) =>
      [...readFileSync(join(packageRoot, file), 'utf8').matchAll(/(?:from\s+|import\()'(\.[^']+)'/g)]
        .map((match) => relative(packageRoot, resolve(packageRoot, dirname(file), match[1] ?? '')))
        .map((target) => `${roomOf(file)} ${roomOf(target)}`),
    ),
  );
  const names = Object.keys(rooms);
  return names.flatMap((from) =>
    names.filter((to) => to !== from && found.has(`${from} ${to}`)).map((to) => [from, to] as const),
  );
}

/** The picture as SVG. */
export function renderRooms(): string {
  const picture = {
    title: 'Rooms: an arrow is an import; data flows the other way',
    rows: Object.entries(rooms).map(([name, note]) => ({ name, note, strong: name === 'desk' || name === 'journal' })),
    links: listRoomImports().filter(([, to]) => !FLOOR.includes(to)),
  };
  const elements = drawArcs(picture, { x: 20, y: 10, boxWidth: 560, rowHeight: ROW_HEIGHT });
  return wrapSvg(WIDTH, heightOf(picture, ROW_HEIGHT) + 20, picture.title, elements);
}
