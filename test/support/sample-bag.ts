/** A bundle taken apart and put together again by whoever holds a key: what its maker could have signed. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { BundleContents } from '../../src/evidence/bundle/bundle-contents.ts';
import { BAG_FILES, formatBagManifest, formatOxum } from '../../src/evidence/verify/bag.ts';
import type { SealedFact } from '../../src/evidence/verify/journal-lines.ts';
import { type Block, genesisHash, hashBlock } from '../../src/journal/chain.ts';
import { hashFact } from '../../src/journal/fact.ts';
import { sha256Hex } from '../../src/kernel/canonical.ts';
import type { SigningKey } from '../../src/platform/crypto/sign.ts';
import { createZip, openZip } from '../../src/platform/formats/zip.ts';

/** Contents by path inside the bag, in the order in which they stand. */
export type BagFiles = Map<string, string | Buffer>;

export async function unpackBag(file: string): Promise<BagFiles> {
  const listing = await openZip(file);
  const files: BagFiles = new Map();
  for (const entry of listing.entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of await entry.open()) chunks.push(chunk);
    files.set(entry.path.slice(entry.path.indexOf('/') + 1), Buffer.concat(chunks));
  }
  listing.close();
  return files;
}

/** What is changed before each further thing that covers it is made: the manifest, the tag manifest, the signature, the ZIP. */
export type Tampering = Partial<
  Record<'payload' | 'manifest' | 'tagManifest' | 'signature', (files: BagFiles) => void>
>;

/** Makes manifests, Payload-Oxum and signature anew over what is there, and packs it as the bundle's own writer does. */
export async function packBag(original: BagFiles, path: string, signing: SigningKey, tampering: Tampering = {}) {
  const files: BagFiles = new Map(original);
  tampering.payload?.(files);
  const payload = [...files].filter(([name]) => name.startsWith('data/'));
  files.set(
    BAG_FILES.manifest,
    formatBagManifest(payload.map(([name, text]) => ({ path: name, sha256: sha256Hex(text) }))),
  );
  const oxum = formatOxum(payload.map(([, text]) => ({ bytes: Buffer.byteLength(text), sha256: '' })));
  editInfo(files, 'Payload-Oxum', oxum);
  tampering.manifest?.(files);
  const tags = [BAG_FILES.declaration, BAG_FILES.manifest, BAG_FILES.info, BAG_FILES.publicKey];
  const present = tags.filter((name) => files.has(name));
  files.set(
    BAG_FILES.tagManifest,
    formatBagManifest(present.map((name) => ({ path: name, sha256: sha256Hex(files.get(name) ?? '') }))),
  );
  tampering.tagManifest?.(files);
  files.set(BAG_FILES.signature, signing.sign(Buffer.from(files.get(BAG_FILES.tagManifest) ?? '')));
  tampering.signature?.(files);
  const zip = createZip();
  const written = pipeline(zip.stream, createWriteStream(path));
  for (const [name, text] of files) await zip.add(name.startsWith('/') ? name.slice(1) : `bag/${name}`, [text]);
  zip.end();
  await written;
}

/** Replaces the value of a label of bag-info.txt; null takes the label away. */
export function editInfo(files: BagFiles, label: string, value: string | null): void {
  const lines = String(files.get(BAG_FILES.info)).split('\n').slice(0, -1);
  const edited = lines.flatMap((line) =>
    !line.startsWith(`${label}: `) ? [line] : value === null ? [] : [`${label}: ${value}`],
  );
  files.set(BAG_FILES.info, edited.map((line) => `${line}\n`).join(''));
}

/** What is different in the journal; everything that follows from it is hashed and chained anew. */
export type Retelling = {
  readonly fact?: (line: SealedFact) => Partial<SealedFact>;
  readonly block?: (block: Block) => Partial<Block>;
  /** After everything was hashed: what stands in the file without fitting. */
  readonly blockLine?: (block: Block) => Partial<Block>;
};

/** The same bundle over another journal, whose head it names. */
export function retell(contents: BundleContents, { fact, block, blockLine }: Retelling): BundleContents {
  const facts = [...(contents.facts() as Iterable<SealedFact>)].map((line) => {
    const changed = { ...line, ...fact?.(line) };
    return { ...changed, hash: fact?.(line).hash ?? hashFact(changed.fact) };
  });
  const blocks: Block[] = [];
  for (const original of contents.blocks() as Iterable<Block>) {
    const previousHash = blocks.at(-1)?.hash ?? genesisHash(original.campaignId);
    const place = { ...original, previousHash, ...block?.(original) };
    const factHashes = facts.filter((line) => line.block === place.number).map((line) => line.hash);
    blocks.push({ ...place, hash: hashBlock({ ...place, factHashes }) });
  }
  const head = blocks.at(-1) as Block;
  return {
    ...contents,
    block: head,
    blocks: () => blocks.map((each) => ({ ...each, ...blockLine?.(each) })),
    facts: () => facts,
  };
}
