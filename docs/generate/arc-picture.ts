/** Draws a list of named rows with an arc for each link between two of them: rooms and their imports, tables and their keys. */

export type ArcRow = {
  readonly name: string;
  /** A short text behind the name. */
  readonly note?: string;
  /** Filled, for what the picture wants to stand out. */
  readonly strong?: boolean;
};

export type ArcPicture = {
  readonly title: string;
  readonly rows: readonly ArcRow[];
  /** Row names: an arrow goes from the first to the second. */
  readonly links: readonly (readonly [from: string, to: string])[];
};

type Place = { readonly x: number; readonly y: number; readonly boxWidth: number; readonly rowHeight: number };

const TITLE_HEIGHT = 34;
/** How far an arc bends out for each row that it passes. */
const BEND_PER_ROW = 15;
const STROKES = ['#1f7a4d', '#2563a8', '#7a4fa3', '#a3541f', '#5f6b7a'];

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Height of the drawn list. */
export function heightOf(picture: ArcPicture, rowHeight: number): number {
  return TITLE_HEIGHT + picture.rows.length * rowHeight;
}

/** The picture's elements at a place; arcs leave and enter at the right side of the boxes. */
export function drawArcs(picture: ArcPicture, place: Place): string[] {
  const { x, y, boxWidth, rowHeight } = place;
  const topOf = (index: number) => y + TITLE_HEIGHT + index * rowHeight;
  const indexOf = (name: string) => picture.rows.findIndex((row) => row.name === name);
  const title =
    picture.title === '' ? [] : [`<text x="${x}" y="${y + 20}" class="title">${escapeXml(picture.title)}</text>`];
  const boxes = picture.rows.flatMap(({ name, note, strong }, index) => [
    `<rect x="${x}" y="${topOf(index)}" width="${boxWidth}" height="${rowHeight - 6}" rx="5" class="${strong ? 'strong' : 'box'}"/>`,
    `<text x="${x + 10}" y="${topOf(index) + rowHeight / 2 + 1}"><tspan class="name">${escapeXml(name)}</tspan>${
      note === undefined ? '' : `<tspan dx="10" class="note">${escapeXml(note)}</tspan>`
    }</text>`,
  ]);
  const arcs = picture.links.map(([from, to]) => {
    const [start, end] = [indexOf(from), indexOf(to)];
    const middle = (rowHeight - 6) / 2;
    const right = x + boxWidth;
    const fromY = topOf(start) + middle + (end > start ? 4 : -4);
    const toY = topOf(end) + middle + (end > start ? -4 : 4);
    const bend = right + 16 + Math.abs(end - start) * BEND_PER_ROW;
    const stroke = STROKES[start % STROKES.length];
    return `<path d="M${right} ${fromY} C${bend} ${fromY} ${bend} ${toY} ${right + 6} ${toY}" stroke="${stroke}" class="arc"/><path d="M${right + 1} ${toY} l7 -3.5 v7 z" fill="${stroke}"/>`;
  });
  return [...title, ...boxes, ...arcs];
}

/** A whole SVG document that reads on light and on dark pages. */
export function wrapSvg(width: number, height: number, label: string, elements: readonly string[]): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(label)}">`,
    '<!-- Made by `npm run docs`; do not edit by hand. -->',
    '<style>text{font:13px system-ui,sans-serif;fill:#1f2733}.title{font-weight:700;font-size:15px}.name{font-weight:600}.note{fill:#5f6b7a;font-size:12px}.box{fill:#fff;stroke:#c7ced8}.strong{fill:#e8f3ec;stroke:#1f7a4d}.arc{fill:none;stroke-width:1.4;opacity:.75}</style>',
    `<rect width="${width}" height="${height}" fill="#f7f8fa"/>`,
    ...elements,
    '</svg>',
  ].join('\n')}\n`;
}
