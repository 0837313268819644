// Gives every person of a wave a notice with a number of its own, set-wise and safe to repeat: whoever has a notice in the wave keeps it,
// so a crash between two attempts never leaves a person with two numbers.
import type { Campaign } from '../campaign/campaign.ts';
import type { NoticePurpose } from '../campaign/wave/purpose.ts';
import { AppError } from '../kernel/errors.ts';
import { newNoticeNumber, newRef } from '../kernel/ids.ts';
import type { Tx } from '../platform/postgres/db.ts';
import type { NoticeLanguage } from './notice-person.ts';
import { insertNotices, listWaveNotices, type NewNotice } from './store.ts';

export type IssueInput = {
  campaign: Pick<Campaign, 'id' | 'listVersion'>;
  planId: string;
  waveId: string;
  purpose: NoticePurpose;
  /** The version of the list that the plan froze; the campaign's own when left out. */
  listVersion?: number;
  people: readonly { ref: string; variant: string; language?: NoticeLanguage }[];
};

export type IssuedNotice = { ref: string; noticeId: string; number: string };

/** People per statement: arrays of this length keep a statement below a megabyte. */
const BATCH = 5_000;
/**
 * At a million notices one new number in 100,000 is taken (10^11 numbers), so a second round is rare and a third next to impossible;
 * more means that the source of random numbers is broken.
 */
const MAX_ROUNDS = 8;

/**
 * Issues notices for people of one wave; people who already have one get the same one back. Order follows `people`. Throws
 * NOTICE_NUMBER_EXHAUSTED when no free number was found in several rounds, and LIST_NOT_FROZEN without a list version.
 */
export async function issueNotices(tx: Tx, input: IssueInput): Promise<IssuedNotice[]> {
  const listVersion = input.listVersion ?? input.campaign.listVersion;
  if (listVersion === null) throw new AppError('LIST_NOT_FROZEN.notices');
  const issued: IssuedNotice[] = [];
  for (let start = 0; start < input.people.length; start += BATCH) {
    issued.push(...(await issueBatch(tx, input, input.people.slice(start, start + BATCH), listVersion)));
  }
  return issued;
}

async function issueBatch(
  tx: Tx,
  input: IssueInput,
  people: IssueInput['people'],
  listVersion: number,
): Promise<IssuedNotice[]> {
  const refs = people.map((person) => person.ref);
  const byRef = new Map<string, IssuedNotice>();
  const collect = async () => {
    for (const notice of await listWaveNotices(tx, input.campaign.id, input.waveId, refs)) {
      byRef.set(notice.personRef, { ref: notice.personRef, noticeId: notice.id, number: notice.number });
    }
  };
  await collect();
  for (let round = 0; byRef.size < new Set(refs).size; round++) {
    if (round === MAX_ROUNDS) throw new AppError('NOTICE_NUMBER_EXHAUSTED');
    const missing = people.filter((person) => !byRef.has(person.ref));
    await insertNotices(
      tx,
      missing.map((person) => newNotice(input, person, listVersion)),
    );
    await collect();
  }
  return people.flatMap((person) => byRef.get(person.ref) ?? []);
}

function newNotice(input: IssueInput, person: IssueInput['people'][number], listVersion: number): NewNotice {
  return {
    id: newRef(),
    campaignId: input.campaign.id,
    waveId: input.waveId,
    personRef: person.ref,
    purpose: input.purpose,
    variant: person.variant,
    language: person.language ?? 'ja',
    number: newNoticeNumber(),
    listVersion,
    planId: input.planId,
  };
}
