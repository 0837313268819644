/**
 * The tag files of a bag (BagIt 1.0, RFC 8493), written and read. Ordinary BagIt validators and `sha256sum -c` check them, so
 * the bundle needs none of our software to be trusted (promise 7).
 */
import type { FileDigest } from '../../platform/formats/zip.ts';

export const BAGIT_TEXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/** Tag files in the order in which they stand in the bundle; the payload comes before the manifest. */
export const BAG_FILES = {
  declaration: 'bagit.txt',
  manifest: 'manifest-sha256.txt',
  info: 'bag-info.txt',
  publicKey: 'signing-key.pem',
  tagManifest: 'tagmanifest-sha256.txt',
  signature: 'tagmanifest-sha256.txt.sig',
} as const;

export type ManifestEntry = { readonly path: string; readonly sha256: string };

// RFC 8493, 2.1.3: line ends and per cent in a path are written per cent encoded.
const encodePath = (path: string) => path.replaceAll('%', '%25').replaceAll('\n', '%0A').replaceAll('\r', '%0D');
const decodePath = (path: string) =>
  path
    .replace(/%0[Aa]/g, '\n')
    .replace(/%0[Dd]/g, '\r')
    .replaceAll('%25', '%');

/** `sha256  path` lines, sorted by path (code units). */
export function formatBagManifest(entries: readonly ManifestEntry[]): string {
  return [...entries]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((entry) => `${entry.sha256}  ${encodePath(entry.path)}\n`)
    .join('');
}

/** Reads a manifest; null when a line is none. */
export function parseManifest(text: string): ManifestEntry[] | null {
  if (text !== '' && !text.endsWith('\n')) return null;
  const entries: ManifestEntry[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const match = /^([0-9a-f]{64}) {2}(\S.*)$/.exec(line);
    if (match === null) return null;
    entries.push({ sha256: match[1] as string, path: decodePath(match[2] as string) });
  }
  return entries;
}

/** Octets and number of payload files, as Payload-Oxum writes them. */
export function formatOxum(payload: readonly FileDigest[]): string {
  return `${payload.reduce((sum, file) => sum + file.bytes, 0)}.${payload.length}`;
}

/** `Label: value` lines in the given order. Line ends in a value become spaces: one value can never add a label. */
export function formatInfo(info: readonly (readonly [label: string, value: string])[]): string {
  return info.map(([label, value]) => `${label}: ${value.replace(/\s+/g, ' ').trim()}\n`).join('');
}

/** Reads bag-info.txt: the last value of each label; null when a line is none. */
export function parseInfo(text: string): Map<string, string> | null {
  const info = new Map<string, string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const match = /^([A-Za-z0-9-]+): (.*)$/.exec(line);
    if (match === null) return null;
    info.set(match[1] as string, match[2] as string);
  }
  return text.endsWith('\n') ? info : null;
}
