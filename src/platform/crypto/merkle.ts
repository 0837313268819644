/**
 * Merkle tree over a stream of leaves (RFC 6962, section 2.1): the root commits to every leaf and its place, and a short
 * path proves one leaf without showing the others. Memory grows with the logarithm of the number of leaves.
 */
import { createHash } from 'node:crypto';

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

const hashLeaf = (leaf: Uint8Array) => createHash('sha256').update(LEAF).update(leaf).digest();
const hashNode = (left: Uint8Array, right: Uint8Array) =>
  createHash('sha256').update(NODE).update(left).update(right).digest();

type Leaves = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** One step from a leaf to the root: the other half, and on which side it stands. */
export type MerkleStep = { readonly side: 'left' | 'right'; readonly hash: string };

/** Root and number of leaves. The root of no leaf is SHA-256 of nothing. */
export async function merkleRoot(leaves: Leaves): Promise<{ root: string; count: number }> {
  const { root, count } = await walk(leaves, -1);
  return { root, count };
}

/** The path that proves the leaf at `position` (from 0); null when there is none. One pass over all leaves. */
export async function merklePath(
  leaves: Leaves,
  position: number,
): Promise<{ leaf: string; path: MerkleStep[]; root: string } | null> {
  const { root, leaf, path } = await walk(leaves, position);
  return leaf === null ? null : { leaf, path, root };
}

/** A complete subtree that waits for its right half; `holds` says whether the leaf to be proven lies in it. */
type Subtree = { readonly hash: Buffer; readonly height: number; readonly holds: boolean };

async function walk(leaves: Leaves, position: number) {
  const open: Subtree[] = [];
  const path: MerkleStep[] = [];
  let proven: string | null = null;
  let count = 0;
  const join = (left: Subtree, right: Subtree): Subtree => {
    if (left.holds) path.push({ side: 'right', hash: right.hash.toString('hex') });
    if (right.holds) path.push({ side: 'left', hash: left.hash.toString('hex') });
    return { hash: hashNode(left.hash, right.hash), height: left.height + 1, holds: left.holds || right.holds };
  };
  for await (const leaf of leaves) {
    let tree: Subtree = { hash: hashLeaf(leaf), height: 0, holds: count === position };
    if (tree.holds) proven = Buffer.from(leaf).toString('hex');
    for (let left = open.at(-1); left !== undefined && left.height === tree.height; left = open.at(-1)) {
      open.pop();
      tree = join(left, tree);
    }
    open.push(tree);
    count += 1;
  }
  let whole = open.pop();
  for (let left = open.pop(); left !== undefined && whole !== undefined; left = open.pop()) whole = join(left, whole);
  const root = whole === undefined ? createHash('sha256').digest('hex') : whole.hash.toString('hex');
  return { root, count, leaf: proven, path };
}
