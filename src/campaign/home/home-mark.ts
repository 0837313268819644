/**
 * What the machines remember of the home that sends, one small file for each beside the campaign's keys: outside the database,
 * outside OWABI_HOME and in no backup. Machines that share the key folder see each other's.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256Hex } from '../../kernel/canonical.ts';
import { AppError } from '../../kernel/errors.ts';
import { machineId } from '../../platform/machine.ts';
import type { HomeMark } from './home-verdict.ts';

const FORMAT = 1;
const markSchema = z.object({ format: z.literal(FORMAT), generation: z.number().int(), beat: z.number().int() });
const MARK_FILE = /^home-[0-9a-f]{12}\.json$/;

/** Named by machine and folder: a mark that was copied with the keys to another one is not that one's own. */
function ownName(keysDir: string): string {
  return `home-${sha256Hex(`${machineId()} ${realpathSync(keysDir)}`).slice(0, 12)}.json`;
}

/** Every mark in the campaign's key folder that can be read as one. */
export function readHomeMarks(keysDir: string, campaignId: string): HomeMark[] {
  const folder = join(keysDir, campaignId);
  if (!existsSync(folder)) return [];
  const own = ownName(keysDir);
  return readdirSync(folder)
    .filter((name) => MARK_FILE.test(name))
    .flatMap((name) => {
      const { data } = markSchema.safeParse(parse(readFileSync(join(folder, name), 'utf8')));
      return data === undefined ? [] : [{ generation: data.generation, beat: data.beat, isOwn: name === own }];
    });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Appears whole or not at all. Without the campaign's keys nothing can be sent, so none is written. Throws HOME_UNMARKED. */
export function writeHomeMark(
  keysDir: string,
  campaignId: string,
  { generation, beat }: { generation: number; beat: number },
): void {
  const folder = join(keysDir, campaignId);
  if (!existsSync(folder)) return;
  const file = join(folder, ownName(keysDir));
  const draft = `${file}.${randomUUID()}.new`;
  try {
    writeFileSync(draft, JSON.stringify({ format: FORMAT, generation, beat }), {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    renameSync(draft, file);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new AppError('HOME_UNMARKED', { file }, { cause });
  }
}
