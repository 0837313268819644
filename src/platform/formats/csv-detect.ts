/** Decides in which encoding, with which delimiter and line end a text file was written. Looks at all of it, not only at the beginning. */
import { isAscii, isUtf8 } from 'node:buffer';
import { AppError } from '../../kernel/errors.ts';
import { createDecoder } from './cp932.ts';
import type { Delimiter } from './csv-scan.ts';

export type TextEncoding = 'utf8' | 'cp932';

export type CsvForm = {
  readonly encoding: TextEncoding;
  readonly bomBytes: 0 | 3;
  readonly delimiter: Delimiter;
  /** Old Macintosh line ends, to be read as LF. */
  readonly isCrOnly: boolean;
};

/** Non-ASCII lines that are tried in both encodings before the question is settled. */
const TRIED_LINES_MAX = 5_000;
const SAMPLE_BYTES = 64 * 1024;
const LF = 0x0a;

export type FormDetector = { add(chunk: Uint8Array): void; decide(): CsvForm };

/**
 * Feed all chunks, then decide. Lines are tried one by one in both encodings, so that a few broken bytes in a UTF-8 file do not turn
 * the whole of it into CP932. Throws ROSTER_UNREADABLE for UTF-16 and for spreadsheets of the old kind.
 */
export function createFormDetector(forced?: TextEncoding): FormDetector {
  const decodeUtf8 = createDecoder('utf8');
  const decodeCp932 = createDecoder('cp932');
  let sample: Buffer = Buffer.alloc(0);
  let rest: Buffer = Buffer.alloc(0);
  let tried = 0;
  let badUtf8 = 0;
  let badCp932 = 0;

  const tryLines = (block: Buffer): void => {
    if (tried >= TRIED_LINES_MAX || isAscii(block)) return;
    const whole = isUtf8(block);
    for (let from = 0; from < block.length && tried < TRIED_LINES_MAX; ) {
      const lineEnd = block.indexOf(LF, from);
      const line = block.subarray(from, lineEnd < 0 ? block.length : lineEnd);
      from += line.length + 1;
      if (isAscii(line)) continue;
      tried += 1;
      if (!whole && decodeUtf8(line) === null) badUtf8 += 1;
      if (decodeCp932(line) === null) badCp932 += 1;
    }
  };

  /** Japanese CP932 is hardly ever valid UTF-8 by chance, while UTF-8 often decodes as CP932 (into half-width kana): so UTF-8 wins early. */
  const isMostlyUtf8 = (): boolean => (tried - badUtf8) * 2 >= tried || badUtf8 < badCp932;

  return {
    add(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      if (sample.length < SAMPLE_BYTES) {
        sample = Buffer.concat([sample, bytes.subarray(0, SAMPLE_BYTES - sample.length)]);
        refuseOtherFormats(sample);
      }
      if (tried >= TRIED_LINES_MAX) return;
      const lineEnd = bytes.lastIndexOf(LF);
      if (lineEnd < 0) {
        rest = rest.length > SAMPLE_BYTES ? rest : Buffer.concat([rest, bytes.subarray(0, SAMPLE_BYTES)]);
        return;
      }
      tryLines(Buffer.concat([rest, bytes.subarray(0, lineEnd + 1)]));
      rest = Buffer.from(bytes.subarray(lineEnd + 1));
    },
    decide() {
      tryLines(rest);
      const bomBytes = sample.length >= 3 && sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf ? 3 : 0;
      const encoding = forced ?? (bomBytes === 3 || isMostlyUtf8() ? 'utf8' : 'cp932');
      const isCrOnly = !sample.includes(LF) && sample.includes(0x0d);
      const firstLine =
        sample
          .subarray(bomBytes)
          .toString('latin1')
          .split(/[\r\n]/, 1)[0] ?? '';
      return { encoding, bomBytes, delimiter: guessDelimiter(firstLine), isCrOnly };
    },
  };
}

function refuseOtherFormats(sample: Buffer): void {
  const [first, second] = sample;
  const isUtf16Marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  let zeros = 0;
  for (const byte of sample) if (byte === 0) zeros += 1;
  if (isUtf16Marked || (sample.length > 32 && zeros * 5 > sample.length)) {
    throw new AppError('ROSTER_UNREADABLE.utf16');
  }
  if (sample.length >= 4 && sample.readUInt32BE(0) === 0xd0cf11e0) {
    throw new AppError('ROSTER_UNREADABLE.xls');
  }
}

/** The delimiter that occurs most often in the first line outside quotes; comma when none does. */
function guessDelimiter(firstLine: string): Delimiter {
  const bare = firstLine.replace(/"[^"]*"/g, '');
  let best: Delimiter = ',';
  let most = 0;
  for (const candidate of [',', '\t', ';'] as const) {
    const count = bare.split(candidate).length - 1;
    if (count > most) {
      best = candidate;
      most = count;
    }
  }
  return best;
}
