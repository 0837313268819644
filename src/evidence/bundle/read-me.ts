/**
 * The two pages that an adjuster reads first: what the bundle is, how to check it with ordinary tools, and what the chain of
 * hashes proves and what it does not. The text lies in templates/claim; only the bundle's own values are filled in.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../platform/package-root.ts';
import type { BundleContents, BundleFile } from './bundle-contents.ts';

const PAGES = [
  ['data/README.md', 'README.en.md'],
  ['data/お読みください.md', 'README.ja.md'],
] as const;

export function readMeFiles(contents: BundleContents): BundleFile[] {
  const values: Record<string, string> = {
    client: contents.campaign.client,
    campaign: contents.campaign.slug,
    audience: contents.audience,
    block: String(contents.block.number),
    sealedAt: contents.block.sealedAt.toISOString(),
    head: contents.block.hash,
    fingerprint: contents.signing.fingerprint,
    root: contents.people?.root ?? '-',
    people: String(contents.people?.count ?? 0),
  };
  return PAGES.map(([path, template]) => {
    const text = readFileSync(join(packageRoot, 'templates', 'claim', template), 'utf8');
    // Markdown in a client's name must not become a link or a heading of ours.
    const filled = text.replace(/\{(\w+)\}/g, (place, name: string) =>
      (values[name] ?? place).replace(/[[\]<>#`*\n]/g, ' '),
    );
    return { path, open: () => [filled] };
  });
}
