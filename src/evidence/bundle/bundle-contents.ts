/** What a bundle is made of: everything that its bytes depend on, and nothing else. */
import type { Block } from '../../journal/chain.ts';
import type { SigningKey } from '../../platform/crypto/sign.ts';
import type { ByteSource } from '../../platform/formats/zip.ts';
import type { Audience } from '../verify/audience.ts';
import type { SealedFact } from '../verify/journal-lines.ts';

/** A file of the bundle; `path` starts with data/. */
export type BundleFile = { readonly path: string; open(): ByteSource };

export type BundleContents = {
  readonly campaign: { readonly id: string; readonly slug: string; readonly client: string };
  /** The sealed block that the bundle is a function of. */
  readonly block: Block;
  readonly snapshotBlock: number;
  readonly audience: Audience;
  readonly isFinal: boolean;
  /** Fingerprint of the key that the per-person files are encrypted to, when there are any. */
  readonly recipient: string | null;
  readonly files: readonly BundleFile[];
  /** People in the list version that the Merkle root covers; null before the first freeze. */
  readonly people: { readonly count: number; readonly root: string } | null;
  blocks(): AsyncIterable<Block> | Iterable<Block>;
  facts(): AsyncIterable<SealedFact> | Iterable<SealedFact>;
  readonly signing: SigningKey;
  readonly software: string;
};
