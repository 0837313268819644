/**
 * The id that a new campaign takes from its folder's name: kana as letters, and a random end wherever something of the name was
 * lost, so that two folders are never one campaign because their names cannot be written in letters.
 */
import { randomInt } from 'node:crypto';
import type { Day } from '../../kernel/calendar.ts';

const MAX_LENGTH = 40;
const SUFFIX_LENGTH = 4;
/** Without vowels and look-alikes: no words, and readable over the telephone. */
const SUFFIX_LETTERS = 'bcdfghjkmnpqrstvwxz23456789';

export function isCampaignId(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{1,39}$/.test(text);
}

/** `name` is the folder's own name; `random` gives whole numbers below its argument. */
export function idOfFolder(name: string, today: Day, random: (below: number) => number = randomInt): string {
  const letters = romanise(name.normalize('NFKC').toLowerCase());
  const isLossy = /[^\p{ASCII}]/u.test(letters.replace(/[\s・、。「」『』（）〜ー]/g, ''));
  const id = toId(letters, MAX_LENGTH);
  if (!isLossy && isCampaignId(id)) return id;
  const start = toId(letters, MAX_LENGTH - SUFFIX_LENGTH - 1) || `campaign-${today}`;
  const end = Array.from({ length: SUFFIX_LENGTH }, () => SUFFIX_LETTERS[random(SUFFIX_LETTERS.length)]).join('');
  return `${start}-${end}`;
}

function toId(letters: string, length: number): string {
  return letters
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, length)
    .replace(/-+$/, '');
}

/** Hepburn without long vowels' marks; what is not kana stays. */
function romanise(text: string): string {
  const hiragana = text.replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) - 0x60));
  return hiragana
    .replace(/[きしちにひみりぎじぢびぴ][ゃゅょ]/g, (pair) => palatal(pair))
    .replace(/[\u3041-\u3096]/g, (kana) => syllables.get(kana) ?? kana)
    .replace(/っ([a-z])/g, (_, letter: string) => (letter === 'c' ? 'tc' : letter + letter))
    .replace(/(?<=[a-z])ー/g, '')
    .replace(/っ/g, '');
}

function palatal(pair: string): string {
  const first = syllables.get(pair[0] ?? '') ?? '';
  const last = { ゃ: 'a', ゅ: 'u', ょ: 'o' }[pair[1] ?? ''] ?? '';
  const stem = first.slice(0, -1);
  return /^(?:sh|ch|j)$/.test(stem) ? stem + last : `${stem}y${last}`;
}

const rows: readonly (readonly [kana: string, letters: string])[] = [
  ['あいうえお', 'a i u e o'],
  ['ぁぃぅぇぉ', 'a i u e o'],
  ['かきくけこ', 'ka ki ku ke ko'],
  ['さしすせそ', 'sa shi su se so'],
  ['たちつてと', 'ta chi tsu te to'],
  ['なにぬねの', 'na ni nu ne no'],
  ['はひふへほ', 'ha hi fu he ho'],
  ['まみむめも', 'ma mi mu me mo'],
  ['やゆよゃゅょ', 'ya yu yo ya yu yo'],
  ['らりるれろ', 'ra ri ru re ro'],
  ['わゐゑをん', 'wa i e o n'],
  ['がぎぐげご', 'ga gi gu ge go'],
  ['ざじずぜぞ', 'za ji zu ze zo'],
  ['だぢづでど', 'da ji zu de do'],
  ['ばびぶべぼ', 'ba bi bu be bo'],
  ['ぱぴぷぺぽ', 'pa pi pu pe po'],
  ['ゔゎ', 'vu wa'],
];

const syllables = new Map(
  rows.flatMap(([kana, letters]) => {
    const sounds = letters.split(' ');
    return [...kana].map((one, at) => [one, sounds[at] ?? ''] as const);
  }),
);
