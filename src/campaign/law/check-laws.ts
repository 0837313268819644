/** Checks which laws a campaign names, and whether their rules were read again in time. */
import { nearestWord } from '../../kernel/nearest-word.ts';
import type { CampaignFault } from '../folder/campaign-fault.ts';
import type { CampaignFile } from '../folder/campaign-file.ts';
import { dayOf } from '../folder/local-time.ts';
import { defaultLaws, INSURANCE, listLaws, loadRegime } from './regime.ts';

/** Laws that are not shipped, and filings of clocks that do not exist. */
export function checkLaws(file: CampaignFile): CampaignFault[] {
  const shipped = listLaws();
  const unknown = (file.laws ?? []).flatMap((law, index): CampaignFault[] =>
    shipped.includes(law)
      ? []
      : [
          {
            path: `laws.${index}`,
            key: 'lawUnknown',
            params: { law, known: nearestWord(law, shipped) ?? shipped.join(', ') },
          },
        ],
  );
  const clocks = clockIds(file);
  const filed = Object.keys(file.incident.filed ?? {}).flatMap((id): CampaignFault[] =>
    clocks.includes(id)
      ? []
      : [
          {
            path: `incident.filed.${id}`,
            key: 'clockUnknown',
            params: { id, known: nearestWord(id, clocks) ?? clocks.join(', ') },
          },
        ],
  );
  return [...unknown, ...filed, ...doubledDuties(file, clocks)];
}

/** Rules whose source should have been read again by now. */
export function findOverdueReviews(file: CampaignFile, today: string): CampaignFault[] {
  return regimesOf(file).flatMap(({ id, clocks }) => {
    const days = clocks.filter((rule) => rule.validFrom <= dayOf(file.incident.knownAt)).map((rule) => rule.reviewDue);
    const day = days.sort()[0];
    return day !== undefined && day < today ? [{ path: 'laws', key: 'reviewOverdue', params: { law: id, day } }] : [];
  });
}

function regimesOf(file: CampaignFile) {
  const shipped = listLaws();
  const laws = (file.laws ?? defaultLaws).filter((law) => shipped.includes(law));
  return [...laws, INSURANCE].map(loadRegime);
}

function clockIds(file: CampaignFile): string[] {
  const byLaw = regimesOf(file).flatMap((regime) => regime.clocks.map((clock) => clock.id));
  return [...byLaw, ...(file.duties ?? []).map((duty) => duty.id)];
}

function doubledDuties(file: CampaignFile, clocks: readonly string[]): CampaignFault[] {
  return (file.duties ?? []).flatMap(({ id }, index): CampaignFault[] =>
    clocks.filter((one) => one === id).length > 1 ? [{ path: `duties.${index}.id`, key: 'twice', params: { id } }] : [],
  );
}
