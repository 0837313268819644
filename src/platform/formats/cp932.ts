/**
 * CP932 (Windows-31J), the encoding of most Japanese business files. Strict both ways: a byte that means nothing and a character
 * that cannot be written are reported, never replaced by "?" behind anyone's back (promise 1).
 */
import iconv from 'iconv-lite';
import { AppError } from '../../kernel/errors.ts';

/**
 * A strict decoder: returns null for undecodable bytes. The platform's `shift_jis` is Windows-31J (WHATWG Encoding Standard),
 * with NEC and IBM extensions such as 髙 and 﨑.
 */
export function createDecoder(encoding: 'utf8' | 'cp932'): (bytes: Uint8Array) => string | null {
  const decoder = new TextDecoder(encoding === 'utf8' ? 'utf-8' : 'shift_jis', { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      return null;
    }
  };
}

/** As far as it goes: undecodable bytes become U+FFFD, for showing a broken row to the person who must repair it. */
export function decodeLoosely(bytes: Uint8Array, encoding: 'utf8' | 'cp932'): string {
  return new TextDecoder(encoding === 'utf8' ? 'utf-8' : 'shift_jis', { ignoreBOM: true }).decode(bytes);
}

/** Unicode characters that CP932 holds under a twin: the mappings of Apple and the JIS tables against Microsoft's. */
const twins: Readonly<Record<string, string>> = {
  '\u301c': '\uff5e',
  '\u2212': '\uff0d',
  '\u2016': '\u2225',
  '\u2014': '\u2015',
  '\u00a2': '\uffe0',
  '\u00a3': '\uffe1',
  '\u00ac': '\uffe2',
  '\u00a5': '\uffe5',
};
const twinPattern = /[\u301c\u2212\u2016\u2014\u00a2\u00a3\u00ac\u00a5]/g;

const isEncodable = new Map<string, boolean>();

/** Characters of the text that CP932 does not have, each once; empty when it can be written whole. */
export function listUnencodable(text: string): string[] {
  const missing = new Set<string>();
  for (const character of text.replace(twinPattern, (found) => twins[found] ?? found)) {
    if (character <= '\u007f') continue;
    let known = isEncodable.get(character);
    if (known === undefined) {
      known = iconv.decode(iconv.encode(character, 'cp932'), 'cp932') === character;
      isEncodable.set(character, known);
    }
    if (!known) missing.add(character);
  }
  return [...missing];
}

/** Throws CHARACTER_UNENCODABLE naming the code points (never the text they stand in). */
export function encodeCp932(text: string): Buffer {
  const missing = listUnencodable(text);
  if (missing.length > 0) {
    const names = missing.map(
      (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
    );
    throw new AppError('CHARACTER_UNENCODABLE', { characters: names.join(', ') });
  }
  return iconv.encode(
    text.replace(twinPattern, (found) => twins[found] ?? found),
    'cp932',
  );
}
