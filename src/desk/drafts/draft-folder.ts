/**
 * A folder as one way to bring a draft and take it: its documents, and a small file that remembers which revision they were
 * made from. The file may be kept in git with them.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type DraftDocuments, isDraftPath } from './draft.ts';

const STATE_FILE = '.owabi-draft.json';
const stateSchema = z.strictObject({ campaign: z.uuid(), revision: z.number().int().min(1) });

/** The documents of the folder; empty when there are none. Other files do not belong to a draft. */
export async function readDraftFolder(dir: string): Promise<DraftDocuments> {
  const notices = await readdir(join(dir, 'notice')).catch(() => []);
  const names = ['campaign.yaml', 'policy.yaml', 'rates.yaml', ...notices.sort().map((name) => `notice/${name}`)];
  const documents = new Map<string, string>();
  for (const path of names.filter(isDraftPath)) {
    const text = await readFile(join(dir, path), 'utf8').catch(() => null);
    if (text !== null) documents.set(path, text.replace(/^\uFEFF/, ''));
  }
  return documents;
}

/** The revision that the folder came from or went to last; null when it has seen none of this campaign. */
export async function readDraftBase(dir: string, campaignId: string): Promise<number | null> {
  const state = await readState(dir);
  return state?.campaign === campaignId ? state.revision : null;
}

/** The campaign whose draft the folder was taken from or brought to; null when it remembers none. */
export async function readTakenFrom(dir: string): Promise<string | null> {
  return (await readState(dir))?.campaign ?? null;
}

async function readState(dir: string): Promise<z.output<typeof stateSchema> | null> {
  const text = await readFile(join(dir, STATE_FILE), 'utf8').catch(() => null);
  const state = text === null ? null : stateSchema.safeParse(jsonOrNull(text));
  return state?.success ? state.data : null;
}

/** What somebody edited by hand is as if it were not there: the next push asks about the newer revision. */
function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export async function writeDraftBase(dir: string, campaign: string, revision: number): Promise<void> {
  await writeFile(join(dir, STATE_FILE), `${JSON.stringify({ campaign, revision })}\n`);
}

/** Makes the folder's documents exactly these; what it has besides a draft stays. */
export async function writeDraftFolder(dir: string, documents: DraftDocuments): Promise<void> {
  for (const path of (await readDraftFolder(dir)).keys()) if (!documents.has(path)) await rm(join(dir, path));
  for (const [path, text] of documents) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}
