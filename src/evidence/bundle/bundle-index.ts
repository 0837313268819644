/** The index of a bundle: every file with its size, hash and what it is, in Japanese and English. */

import type { FileDigest } from '../../platform/formats/zip.ts';
import { say } from '../../platform/words.ts';
import type { Column, TableRow } from '../verify/table.ts';

export const indexColumns: readonly Column[] = [
  { key: 'path', ja: 'ファイル', en: 'File', kind: 'text', width: 36 },
  { key: 'title_ja', ja: '内容', en: 'Contents (Japanese)', kind: 'text', width: 40 },
  { key: 'title_en', ja: '内容（英語）', en: 'Contents', kind: 'text', width: 48 },
  { key: 'bytes', ja: 'バイト数', en: 'Bytes', kind: 'integer' },
  { key: 'sha256', ja: 'SHA-256', en: 'SHA-256', kind: 'text', width: 68 },
];

/** The key of the words that describe a file: `evidence.file.` and the path without data/, slashes and dots as lines. */
export function titleKeyOf(path: string): string {
  return `evidence.file.${path.replace(/^data\//, '').replace(/[^A-Za-z0-9]+/g, '_')}`;
}

export function indexRow(path: string, digest: FileDigest): TableRow {
  const key = path.startsWith('data/お') ? 'evidence.file.README_ja_md' : titleKeyOf(path);
  return [path, say('ja', key), say('en', key), digest.bytes, digest.sha256];
}
