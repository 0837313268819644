/** The words with which files mark kinds of people and what must be handled with care. In doubt the careful reading wins. */
import type { HandlingFlag, PersonKind } from '../person.ts';
import type { ColumnReading } from './column-mapping.ts';

const kindWords: readonly (readonly [RegExp, PersonKind])[] = [
  [/元顧客|元会員|退会|解約|過去|former/, 'former_customer'],
  [/届け?先|配送先|送付先|受取人|addressee|recipient/, 'delivery_addressee'],
  [/従業員|社員|職員|スタッフ|役員|employee|staff/, 'employee'],
  [/家族|扶養|family/, 'family'],
  [/法人|企業|担当者|取引先|corporate|company/, 'corporate_contact'],
  [/(?<!非)(顧客|会員)|お客様|個人|購入者|利用者|(?<!non_?)(customer|member)/, 'customer'],
];

const flagWords: readonly (readonly [RegExp, HandlingFlag])[] = [
  [/死亡|逝去|物故|deceased/, 'deceased'],
  [/dv|保護対象|住所保護|支援措置|非開示|ストーカー|protected/, 'protected_address'],
  [/訴訟|係争|litigation/, 'litigation'],
  [/代理人|弁護士|後見|represented/, 'represented'],
  [/海外|国外|在外|abroad|overseas/, 'abroad'],
  [/未成年|minor/, 'minor'],
];

const NO = new Set([
  '',
  '0',
  '-',
  '×',
  'x',
  'n',
  'no',
  'false',
  '無',
  '無し',
  'なし',
  '否',
  '非該当',
  '対象外',
  '無効',
  '生存',
  '通常',
  'off',
]);

const form = (text: string): string => text.normalize('NFKC').replace(/\s/g, '').toLowerCase();

/** Whether a flag column says yes. Everything that is not a clear no counts as yes: handling someone with care harms no one. */
export function saysYes(text: string): boolean {
  return text !== '' && !NO.has(form(text));
}

/** The kind that a word names, by the mapping first; null when it is not known. */
export function readKind(text: string, reading: Pick<ColumnReading, 'kinds'>): PersonKind | null {
  const mapped = reading.kinds[text];
  if (mapped !== undefined) return mapped;
  const word = form(text).replaceAll('-', '_');
  return kindWords.find(([pattern, kind]) => pattern.test(word) || word === kind)?.[1] ?? null;
}

/** Flags named in a free status column such as 通知停止理由; words that name none (通常, 有効) mean nothing. */
export function readHandling(text: string): HandlingFlag[] {
  if (text === '') return [];
  const word = form(text);
  return flagWords.filter(([pattern]) => pattern.test(word)).map(([, flag]) => flag);
}
