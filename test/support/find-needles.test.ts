import iconv from 'iconv-lite';
import { expect, it } from 'vitest';
import { findNeedles, formsOf, indexNeedles } from './find-needles.ts';

const index = indexNeedles([...formsOf('name', '髙橋 花子'), ...formsOf('email', 'hanako@example.com')]);

it('finds a value in UTF-8, in CP932 and in base64 at any place of a longer text', () => {
  for (const prefix of ['', 'a', 'ab', 'abc']) {
    const text = `${prefix}髙橋 花子様 hanako@example.com.`;
    expect(findNeedles(Buffer.from(`....${text}`), index)).toEqual(['name', 'email']);
    expect(findNeedles(iconv.encode(text, 'cp932'), index)).toEqual(['name', 'email']);
    expect(findNeedles(Buffer.from(Buffer.from(text).toString('base64')), index)).toEqual(['name', 'email']);
    expect(findNeedles(Buffer.from(iconv.encode(text, 'cp932').toString('base64')), index)).toEqual(['name', 'email']);
  }
  expect(findNeedles(Buffer.from('橋本 花子, hanako@example.org'), index)).toEqual([]);
});
