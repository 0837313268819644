/**
 * Breaks a paragraph into lines by the Japanese rules (JIS X 4051): no line starts with a closing mark or small kana, none ends with an
 * opening bracket, Latin words, numbers and addresses of web pages stay whole. Pure; measures come from the caller.
 */
import type { TextRun } from '../../notice/letter-text.ts';

/** Width of one code point in thousandths of the type size. */
export type Measure = (codePoint: number) => number;

/** `widthPt` is what the runs take; `last` lines of a paragraph are not justified. */
export type Line = { runs: TextRun[]; widthPt: number; last: boolean };

type Atom = { text: string; bold: boolean; width: number; space: boolean };

const NEVER_FIRST = new Set(
  '、。，．・：；？！‼ー―…‥ゝゞヽヾ々）」』】〕》〉］｝’”ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ),.:;?!]}%〜～゛゜',
);
const NEVER_LAST = new Set('（「『【〔《〈［｛‘“([{￥¥＃№');
const LATIN = /[A-Za-z0-9@/_\-.:,'’&#+%?!=~()]/u;

/** Lines no wider than `widthPt`, except where a single character is wider. An empty text is one empty line. */
export function breakLines(runs: readonly TextRun[], sizePt: number, widthPt: number, measure: Measure): Line[] {
  const atoms = joinForbidden(splitAtoms(runs, sizePt, widthPt, measure));
  const lines: Line[] = [];
  let current: Atom[] = [];
  let width = 0;
  for (const atom of atoms) {
    if (current.length > 0 && width + atom.width > widthPt && !atom.space) {
      lines.push(toLine(current, false));
      current = [];
      width = 0;
    }
    current.push(atom);
    width += atom.width;
  }
  lines.push(toLine(current, true));
  return lines;
}

/** Latin words are one atom unless wider than the line; every other character is its own. */
function splitAtoms(runs: readonly TextRun[], sizePt: number, widthPt: number, measure: Measure): Atom[] {
  const atoms: Atom[] = [];
  for (const run of runs) {
    const bold = run.bold === true;
    let word: Atom | null = null;
    for (const character of run.text) {
      const width = (measure(character.codePointAt(0) ?? 0) * sizePt) / 1000;
      if (LATIN.test(character)) {
        if (word && word.width + width <= widthPt) {
          word.text += character;
          word.width += width;
          continue;
        }
        word = { text: character, bold, width, space: false };
        atoms.push(word);
      } else {
        word = null;
        atoms.push({ text: character, bold, width, space: character === ' ' });
      }
    }
  }
  return atoms;
}

/** Glues what must not be parted, so that the breaking loop needs no look-ahead. */
function joinForbidden(atoms: readonly Atom[]): Atom[] {
  const joined: Atom[] = [];
  for (const atom of atoms) {
    const previous = joined.at(-1);
    const first = Array.from(atom.text)[0] ?? '';
    const lastOfPrevious = previous ? (Array.from(previous.text).at(-1) ?? '') : '';
    const glued = previous && !previous.space && (NEVER_FIRST.has(first) || NEVER_LAST.has(lastOfPrevious));
    if (previous && glued && previous.bold === atom.bold) {
      previous.text += atom.text;
      previous.width += atom.width;
    } else joined.push({ ...atom });
  }
  return joined;
}

function toLine(atoms: Atom[], last: boolean): Line {
  while (atoms.at(-1)?.space) atoms.pop();
  const runs: TextRun[] = [];
  let widthPt = 0;
  for (const atom of atoms) {
    widthPt += atom.width;
    const previous = runs.at(-1);
    if (previous && (previous.bold === true) === atom.bold) previous.text += atom.text;
    else runs.push(atom.bold ? { text: atom.text, bold: true } : { text: atom.text });
  }
  return { runs, widthPt, last };
}
