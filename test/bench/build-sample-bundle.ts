/** Builds the bundle of the verify case in a process of its own, so that its memory does not count as the verifier's. */
import { dirname } from 'node:path';
import { signingKey } from '../../src/platform/crypto/sign.ts';
import { sampleContents, writeBundleFile } from '../support/sample-bundle.ts';

const BYTES_PER_PERSON = 200;
/** Text like a ledger's: `zip -1` shows its best side on it. */
const LINE = 'CALL_CENTER,コールセンター委託,2026-11-24,1,100.5,100,10,110\r\n';

const [file = '', people = '0'] = process.argv.slice(2);
const tables = LINE.repeat(Math.ceil((Number(people) * BYTES_PER_PERSON) / Buffer.byteLength(LINE)));
const signing = signingKey(dirname(file), 'bench');
await writeBundleFile(
  await sampleContents({ signing, people: Number(people), files: { 'data/tables.csv': tables } }),
  file,
);
