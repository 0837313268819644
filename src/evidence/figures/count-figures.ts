/** Asks the rooms for the regulator's figures. Call it inside one repeatable-read transaction. */
import { listPublications } from '../../campaign/publications/record-publication.ts';
import { contactVolume } from '../../contacts/contact-volume.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { countAccounting } from './count-accounting.ts';
import { type CountSource, counters } from './count-source.ts';
import { type Figures, sumFigures } from './figures.ts';

export async function countFigures(db: Db, campaignId: string, source: CountSource = counters): Promise<Figures> {
  return sumFigures({
    accounting: await countAccounting(db, campaignId, source),
    outcomes: await source.outcomes(db, campaignId),
    publications: await listPublications(db, campaignId),
    contacts: (await contactVolume(db, campaignId)).total,
  });
}
