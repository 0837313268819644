/** Gives people places in waves, each with its notice and number: what planning, the fallback, following waves and resends share. */
import type { CampaignFile } from '../campaign/folder/campaign-file.ts';
import { channelTable } from '../campaign/wave/channel.ts';
import { newRef } from '../kernel/ids.ts';
import { issueNotices } from '../notice/issue-notices.ts';
import type { Tx } from '../platform/postgres/db.ts';
import { doubtNewPlaces } from './home/doubt-places.ts';
import { insertAssignments, type NewAssignment } from './plan-store.ts';
import type { WaveRecord } from './wave-store.ts';

export type NewPlace = {
  readonly member: { readonly ref: string; readonly rank: number; readonly siteKey: string | null };
  readonly waveId: string;
  /** The list version on which the person is read. */
  readonly listVersion: number;
  readonly text: { readonly variant: string; readonly language: CampaignFile['language'] };
};

/** Set-wise and safe to repeat: whoever has a place keeps it and its number. Returns how many places became open. */
export async function insertPlaces(
  tx: Tx,
  { campaignId, planId, waves }: { campaignId: string; planId: string; waves: readonly WaveRecord[] },
  places: readonly NewPlace[],
): Promise<number> {
  let inserted = 0;
  const versions = [...new Set(places.map((place) => place.listVersion))];
  for (const wave of waves) {
    for (const listVersion of versions) {
      const own = places.filter((place) => place.waveId === wave.waveId && place.listVersion === listVersion);
      if (own.length === 0) continue;
      const notices = await issueNotices(tx, {
        campaign: { id: campaignId, listVersion },
        planId,
        waveId: wave.waveId,
        purpose: wave.purpose,
        people: own.map(({ member, text }) => ({ ref: member.ref, ...text })),
      });
      const noticeOf = new Map(notices.map((notice) => [notice.ref, notice.noticeId]));
      const assignments: NewAssignment[] = own.map(({ member }) => ({
        id: newRef(),
        waveId: wave.waveId,
        personRef: member.ref,
        noticeId: noticeOf.get(member.ref) ?? null,
        rank: member.rank,
        siteKey: siteKeyFor(wave, member.siteKey),
      }));
      inserted += await insertAssignments(tx, campaignId, assignments);
    }
  }
  // Another home may have sent these people theirs: who is in doubt stays so, whenever a place is planned.
  await doubtNewPlaces(tx, campaignId, [...new Set(places.map(({ member }) => member.ref))]);
  return inserted;
}

/** Only mails are shaped by the receiving site. */
function siteKeyFor(wave: WaveRecord, siteKey: string | null): Buffer | null {
  const { medium } = channelTable[wave.channel];
  switch (medium) {
    case 'email':
      return siteKey === null ? null : Buffer.from(siteKey, 'hex');
    case 'letter':
      return null;
  }
}
