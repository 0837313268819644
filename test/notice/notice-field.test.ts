import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { marks, personalFields, sections, sharedFields } from '../../src/notice/notice-field.ts';
import { packageRoot } from '../../src/platform/package-root.ts';

it('documents every field, section and mark beside the shipped texts, and none that does not exist', () => {
  const text = readFileSync(join(packageRoot, 'templates/notice-texts.md'), 'utf8');
  const documented = [...text.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, word, meaning]) => [word, meaning]);
  const table = (words: Record<string, string>, open: string, close: string) =>
    Object.entries(words).map(([word, meaning]) => [`${open}${word}${close}`, meaning]);
  expect(documented).toEqual([
    ...table(sharedFields, '{{', '}}'),
    ...table(personalFields, '{{', '}}'),
    ...table(sections, '{{#', '}}'),
    ...table(marks, '{#', '}'),
  ]);
});
