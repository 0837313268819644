/** All campaigns of this home, by client: where each stands, what is due next and how much waits for a decision. */
import type { Campaign } from '../../campaign/campaign.ts';
import { getFolderRecord, listCampaigns } from '../../campaign/find-campaign.ts';
import type { Day } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { campaignStatus, type StatusDocument } from './campaign-status.ts';

export type NextDue = {
  readonly on: Day;
  /** ISO instant where the duty is counted in hours. */
  readonly at: string | null;
  readonly label: { readonly ja: string; readonly en: string } | null;
  /** The code of a decision that is due, when it is one and no clock. */
  readonly decision: string | null;
};

export type CampaignLine = {
  readonly campaign: string;
  /** Null when the keys of the campaign are not here or were destroyed. */
  readonly client: string | null;
  readonly state: Campaign['state'];
  readonly legalHold: boolean;
  readonly people: number;
  readonly next: NextDue | null;
  /** Kinds of open decisions. */
  readonly decisions: number;
};

export async function listCampaignLines(app: Pick<App, 'pool' | 'keys' | 'files' | 'clock'>): Promise<CampaignLine[]> {
  const lines: CampaignLine[] = [];
  for (const campaign of await listCampaigns(app.pool)) {
    const status = await campaignStatus(app, campaign.id);
    lines.push({
      campaign: campaign.slug,
      client: await findClient(app, campaign.id),
      state: campaign.state,
      legalHold: campaign.legalHold,
      people: status.persons.total,
      next: campaign.state === 'closed' ? null : findNext(status),
      decisions: status.decisions.length,
    });
  }
  const order = ({ client, next }: CampaignLine) => [client ?? '\uffff', next?.at ?? next?.on ?? '9999'].join('\u0000');
  return lines.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

async function findClient(app: Pick<App, 'pool' | 'keys'>, campaignId: string): Promise<string | null> {
  try {
    return (await getFolderRecord(app, campaignId)).client;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** The earliest day of what is not done; what is overdue comes first of all. */
function findNext({ clocks, decisions }: StatusDocument): NextDue | null {
  const due = [
    ...clocks.flatMap(({ dueOn, dueAt, doneOn, label }): NextDue[] =>
      dueOn === null || doneOn !== null ? [] : [{ on: dueOn, at: dueAt, label, decision: null }],
    ),
    ...decisions.flatMap(({ dueOn, code }): NextDue[] =>
      dueOn === null ? [] : [{ on: dueOn, at: null, label: null, decision: code }],
    ),
  ];
  return due.sort((a, b) => (a.on < b.on ? -1 : 1))[0] ?? null;
}
