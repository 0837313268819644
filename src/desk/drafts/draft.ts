/** A draft: the documents of a campaign as text, by path. Pure: which there are, what they hash to, and how two differ. */
import { hashJson, sha256Hex } from '../../kernel/canonical.ts';

/** Text by path: `campaign.yaml`, `policy.yaml`, `rates.yaml`, `notice/<variant>.<language>.md`. */
export type DraftDocuments = ReadonlyMap<string, string>;

const documentPath = /^((campaign|policy|rates)\.yaml|notice\/[a-z0-9][a-z0-9-]*\.[a-z]{2}\.md)$/;

export const isDraftPath = (path: string): boolean => documentPath.test(path);

/** The same documents have the same hash, on any machine. */
export function hashDraft(documents: DraftDocuments): string {
  return hashJson(
    [...documents].map(([path, text]) => [path, sha256Hex(text)]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
}

export type DraftChange = { readonly path: string; readonly change: 'added' | 'removed' | 'changed' };

/** What one would see who goes from `before` to `after`: texts by path, or their hashes. */
export function compareDrafts(before: DraftDocuments, after: DraftDocuments): DraftChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path): DraftChange[] => {
    const [old, now] = [before.get(path), after.get(path)];
    if (old === now) return [];
    return [{ path, change: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed' }];
  });
}
