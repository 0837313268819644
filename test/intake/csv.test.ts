// Rows of CSV files, sound and broken: a fault stays in its own line, and any cut of the bytes gives the same rows.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCp932, listUnencodable } from '../../src/platform/formats/cp932.ts';
import { type CsvRecord, formatCsv, isFormula, parseCsv } from '../../src/platform/formats/csv.ts';
import { RECORD_BYTES_MAX, scanRecords } from '../../src/platform/formats/csv-scan.ts';

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}

async function read(content: string | Buffer): Promise<CsvRecord[]> {
  return await collect(parseCsv(typeof content === 'string' ? Buffer.from(content) : content));
}
const cells = async (content: string | Buffer) => (await read(content)).map((record) => record.fields);

describe('reading CSV', () => {
  it('reads quotes, doubled quotes, quoted line ends and a byte order mark', async () => {
    expect(await cells('\ufeffa,b\r\n"1,""x""","line\r\nend"\r\n,\r\n')).toEqual([
      ['a', 'b'],
      ['1,"x"', 'line\r\nend'],
      ['', ''],
    ]);
  });

  it('takes a quote inside an unquoted field for an ordinary character', async () => {
    expect(await cells('a,b\n5" pipe,x\n')).toEqual([
      ['a', 'b'],
      ['5" pipe', 'x'],
    ]);
  });

  it('guesses tab and semicolon, and reads the line ends of old Macintoshes', async () => {
    expect(await cells('a\tb\rc\td\r')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(await cells('a;b\n"c;d";e')).toEqual([
      ['a', 'b'],
      ['c;d', 'e'],
    ]);
  });

  it('skips blank lines but counts them', async () => {
    expect((await read('a\n\n \nb\n\u001a')).map((record) => [record.line, record.fields[0]])).toEqual([
      [1, 'a'],
      [4, 'b'],
    ]);
  });

  it('keeps the damage of a quote that never closes to its line', async () => {
    const records = await read('a,b\n"open,1\nx,2\n"y","3"\n"bad"z,4\nlast,5');
    expect(records.map((record) => [record.line, record.fault])).toEqual([
      [1, null],
      [2, 'quote'],
      [3, null],
      [4, null],
      [5, 'quote'],
      [6, null],
    ]);
  });

  it('reports undecodable bytes for their row only', async () => {
    const records = await read(
      Buffer.concat([
        encodeCp932('氏名,住所\n髙橋,東京\n'),
        Buffer.from([0x88, 0xfd, 0x2c, 0x0a]),
        encodeCp932('﨑,大阪\n'),
      ]),
    );
    expect(records.map((record) => record.fault)).toEqual([null, null, 'undecodable', null]);
    expect(records[3]?.fields).toEqual(['﨑', '大阪']);
  });

  it('does not take a whole UTF-8 file for CP932 because of a few broken bytes', async () => {
    const records = await read(
      Buffer.concat([Buffer.from('氏名,住所\n見本,東京\n見本,大阪\n'), Buffer.from([0xe3, 0x81, 0x2c, 0x0a])]),
    );
    expect(records.map((record) => record.fault)).toEqual([null, null, null, 'undecodable']);
  });

  it('gives up an endless line without keeping it', async () => {
    const records = await read(`a,b\n${'x'.repeat(RECORD_BYTES_MAX * 3)}\nc,d\n`);
    expect(records.map((record) => record.fault)).toEqual([null, 'too_long', null]);
    expect(records[1]?.fields[0]?.length).toBeLessThanOrEqual(4096);
  });

  it('finds the same rows however the bytes are cut', async () => {
    const field = fc.oneof(
      fc.constantFrom('', 'a', '見本', '"', '""', 'x"y', 'a,b', '\n', '\r\n', '"open'),
      fc.string({ maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        async (rows, cut, rowsPerBatch) => {
          const bytes = Buffer.from(rows.map((row) => row.join(',')).join('\n'));
          const scan = async (chunks: Buffer[], perBatch: number) => {
            const found: string[] = [];
            for await (const batch of scanRecords(chunks, { delimiter: ',', rowsPerBatch: perBatch })) {
              for (let index = 0; index < batch.count; index += 1)
                found.push(
                  `${batch.lines[index]}:${batch.faults[index]}:${batch.bytes.toString('utf8', batch.starts[index], batch.ends[index])}`,
                );
            }
            return found;
          };
          const pieces = Array.from({ length: Math.ceil(bytes.length / cut) }, (_, index) =>
            bytes.subarray(index * cut, (index + 1) * cut),
          );
          expect(await scan(pieces, rowsPerBatch)).toEqual(await scan([bytes], 1000));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('writing CSV', () => {
  it('reads back what it wrote', async () => {
    const cell = fc.string({ maxLength: 8 }).filter((text) => !isFormula(text) && !text.includes('\u0000'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(cell, { minLength: 2, maxLength: 2 }).filter((row) => row.join('').trim() !== ''),
          { minLength: 1, maxLength: 8 },
        ),
        async (rows) => {
          const bytes = formatCsv([['h', 'i'], ...rows], { encoding: 'utf8', quoteAll: true });
          const back = await collect(parseCsv(bytes, { delimiter: ',', encoding: 'utf8' }));
          expect(back.map((record) => record.fields)).toEqual([['h', 'i'], ...rows]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('neutralises formulas and refuses to lose characters', () => {
    expect(formatCsv([['=1+1', '+81', '-x', '@y', 5, -3]], { encoding: 'utf8' }).toString()).toBe(
      "'=1+1,'+81,'-x,'@y,5,-3\r\n",
    );
    expect(listUnencodable('髙﨑〜−\u{20bb7}\ufa19')).toEqual(['\u{20bb7}']);
    expect(() => encodeCp932('\u{20bb7}田')).toThrow(expect.objectContaining({ params: { characters: 'U+20BB7' } }));
  });
});
