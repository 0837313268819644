/** Lists every merge with its rule, and undoes one: the row becomes a person of its own again (promise 1). */
import { recordEvents } from '../../journal/record-fact.ts';
import { type Db, transaction } from '../../platform/postgres/db.ts';
import { insertUndoneEvent, listMergeRows, separateRecord } from '../list/person-store.ts';
import type { IntakeApp, RosterCampaign } from '../roster-campaign.ts';

export type Merge = {
  /** Reference of the merged row; the handle for undoing. */
  readonly ref: string;
  readonly personRef: string;
  readonly rule: string;
  readonly importNumber: number;
  readonly rowNumber: number;
};

/** Every merge of the campaign, or those into one person, in the order of the rows. */
export async function listMerges(db: Db, campaignId: string, personRef: string | null = null): Promise<Merge[]> {
  const found = await listMergeRows(db, campaignId, personRef);
  return found.map((merge) => ({
    ref: merge.ref,
    personRef: merge.person_ref,
    rule: merge.merge_rule,
    importNumber: merge.import_number,
    rowNumber: merge.row_number,
  }));
}

/** False when the row is not merged (any more). Frozen versions stay; the next one has one person more. */
export async function undoMerge(
  app: Pick<IntakeApp, 'pool' | 'clock'>,
  { campaign, ref, actorId }: { campaign: RosterCampaign; ref: string; actorId: string },
): Promise<boolean> {
  const at = app.clock();
  return await transaction(app.pool, async (tx) => {
    const separated = await separateRecord(tx, campaign.id, ref);
    if (separated === null) return false;
    await recordEvents(tx, {
      campaignId: campaign.id,
      kind: 'merge.undone',
      occurredAt: at,
      actorId,
      insert: (factId) => insertUndoneEvent(tx, { campaignId: campaign.id, ref, at, factId }),
      describe: (events) => ({
        events: events.map(
          (event) => [event.ref, 'merge_undone', event.cycle, at.toISOString(), 'separate_person'] as const,
        ),
        lines: [],
        body: { ref, personRef: separated.personRef },
      }),
    });
    return true;
  });
}
