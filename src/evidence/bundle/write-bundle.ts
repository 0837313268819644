/**
 * Writes the bundle: a bag in a ZIP, payload first, then manifests and signature, all as one stream. It only copies and
 * hashes: equal contents at the same block give equal bytes (promise 7).
 */
import type { Readable } from 'node:stream';
import type { Block } from '../../journal/chain.ts';
import { canonicalJson } from '../../kernel/canonical.ts';
import { storedFormats } from '../../kernel/stored-format.ts';
import { writeXlsx } from '../../platform/formats/xlsx-write.ts';
import { type ByteSource, createZip, type FileDigest } from '../../platform/formats/zip.ts';
import { BAG_FILES, BAGIT_TEXT, formatBagManifest, formatInfo, formatOxum } from '../verify/bag.ts';
import { formatBlockLine, formatFactLine } from '../verify/journal-lines.ts';
import { samplePositions } from '../verify/sample.ts';
import { formatCsvTable } from '../verify/table.ts';
import type { BundleContents } from './bundle-contents.ts';
import { indexColumns, indexRow } from './bundle-index.ts';
import { readMeFiles } from './read-me.ts';

/** The bag's folder inside the ZIP and the suggested file name without its ending. */
export function bundleName(contents: Pick<BundleContents, 'campaign' | 'block' | 'audience'>): string {
  return `owabi-${contents.campaign.slug}-${contents.audience}-block-${String(contents.block.number).padStart(6, '0')}`;
}

/** Starts the bundle. Consume `stream`; `done` gives the number of files once everything was written. */
export function writeBundle(contents: BundleContents): { stream: Readable; done: Promise<{ files: number }> } {
  const zip = createZip();
  const base = bundleName(contents);
  const digests = new Map<string, FileDigest>();
  const add = async (path: string, source: ByteSource) => {
    const digest = await zip.add(`${base}/${path}`, source);
    digests.set(path, digest);
  };

  async function write(): Promise<{ files: number }> {
    await add(BAG_FILES.declaration, [BAGIT_TEXT]);
    for (const file of readMeFiles(contents)) await add(file.path, file.open());
    for (const file of contents.files) await add(file.path, file.open());
    await add('data/journal/blocks.ndjson', linesOf(contents.blocks(), formatBlockLine));
    await add('data/journal/facts.ndjson', linesOf(contents.facts(), formatFactLine));
    if (contents.people !== null) await add('data/people/sample.json', [formatSample(contents.block, contents.people)]);
    const rows = [...digests]
      .filter(([path]) => path.startsWith('data/'))
      .map(([path, digest]) => indexRow(path, digest));
    await add('data/index.csv', formatCsvTable(indexColumns, rows));
    await add('data/index.xlsx', [await writeXlsx([{ name: '索引 index', columns: indexColumns, rows }])]);

    const payload = [...digests].filter(([path]) => path.startsWith('data/'));
    const tags = [BAG_FILES.declaration, BAG_FILES.manifest, BAG_FILES.info, BAG_FILES.publicKey];
    await add(BAG_FILES.manifest, [formatBagManifest(payload.map(([path, { sha256 }]) => ({ path, sha256 })))]);
    await add(BAG_FILES.info, [formatInfo(bagInfo(contents, formatOxum(payload.map(([, digest]) => digest))))]);
    await add(BAG_FILES.publicKey, [contents.signing.publicKeyPem]);
    const tagManifest = formatBagManifest(
      tags.map((path) => ({ path, sha256: (digests.get(path) as FileDigest).sha256 })),
    );
    await add(BAG_FILES.tagManifest, [tagManifest]);
    await add(BAG_FILES.signature, [contents.signing.sign(Buffer.from(tagManifest))]);
    zip.end();
    return { files: digests.size };
  }
  const done = write();
  // The stream carries the failure to its consumer; `done` rejects as well and must not count as unhandled before it is awaited.
  done.catch((error: Error) => zip.stream.destroy(error));
  return { stream: zip.stream, done };
}

function bagInfo(contents: BundleContents, oxum: string): [string, string][] {
  const { campaign, block, signing } = contents;
  return [
    ['Source-Organization', campaign.client],
    ['External-Identifier', campaign.slug],
    ['Bagging-Date', block.sealedAt.toISOString().slice(0, 10)],
    ['Payload-Oxum', oxum],
    ['Bag-Software-Agent', contents.software],
    ['Owabi-Format', String(storedFormats.bundle)],
    ['Owabi-Campaign', campaign.id],
    ['Owabi-Audience', contents.audience],
    ['Owabi-Status', contents.isFinal ? 'final' : 'interim'],
    ['Owabi-Block', String(block.number)],
    ['Owabi-Block-Sealed-At', block.sealedAt.toISOString()],
    ['Owabi-Head-Hash', block.hash],
    ['Owabi-Snapshot-Block', String(contents.snapshotBlock)],
    ['Owabi-Key-Fingerprint', signing.fingerprint],
    ...(contents.recipient === null
      ? []
      : ([['Owabi-Recipient-Fingerprint', contents.recipient]] as [string, string][])),
  ];
}

/** The sample's positions, from the head hash and the root that the chain up to it covers. */
export function formatSample(block: Pick<Block, 'number' | 'hash'>, people: { count: number; root: string }): string {
  const positions = samplePositions(block.hash, people.count);
  return `${canonicalJson({ block: block.number, seed: block.hash, root: people.root, count: people.count, positions })}\n`;
}

const LINES_PER_CHUNK = 200;

async function* linesOf<T>(items: AsyncIterable<T> | Iterable<T>, format: (item: T) => string): AsyncGenerator<string> {
  let chunk = '';
  let held = 0;
  for await (const item of items) {
    chunk += format(item);
    held += 1;
    if (held < LINES_PER_CHUNK) continue;
    yield chunk;
    chunk = '';
    held = 0;
  }
  if (chunk !== '') yield chunk;
}
