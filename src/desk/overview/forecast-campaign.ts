/**
 * What is still to come: contacts and seats per day by the waves that run, and the claim when all that events have caused is
 * billed, less what the insurer has paid already. A forecast to plan by; nothing of it is claimed.
 */

import type { Campaign } from '../../campaign/campaign.ts';
import type { CampaignFile } from '../../campaign/folder/campaign-file.ts';
import { getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import { findPolicy } from '../../campaign/policy/adopt-policy.ts';
import { channelTable, type Medium } from '../../campaign/wave/channel.ts';
import { waveTells } from '../../campaign/wave/wave.ts';
import { contactVolume } from '../../contacts/contact-volume.ts';
import { forecastContacts, type NoticesSent, seatsForDay } from '../../contacts/forecast.ts';
import { countWaves, listWaves, type WaveRecord } from '../../delivery/wave-store.ts';
import { type Day, toDay } from '../../kernel/calendar.ts';
import { outstandingYen } from '../../ledger/claim.ts';
import { computeClaim, forecastClaim } from '../../ledger/compute-claim.ts';
import type { App } from '../../platform/app.ts';

export type ContactForecast = {
  readonly day: Day;
  /** Contacts expected, whole; seats to answer them; what was reported of days that are over, else null. */
  readonly expected: number;
  readonly seats: number;
  readonly reported: number | null;
};

export type CampaignForecast = {
  readonly contacts: readonly ContactForecast[];
  /** Null before a policy is adopted. Yen. */
  readonly money: {
    readonly incurred: number;
    readonly payable: number;
    readonly incurredWhenBilled: number;
    readonly payableWhenBilled: number;
    readonly paid: number;
    /** What the insurer still owes on the invoices recorded so far, and when everything is billed. */
    readonly outstanding: number;
    readonly outstandingWhenBilled: number;
  } | null;
};

type ForecastApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock'>;

export async function forecastCampaign(
  app: ForecastApp,
  { campaign, from, days }: { campaign: Campaign; from?: Day; days: number },
): Promise<CampaignForecast> {
  const today = toDay(app.clock());
  const sent = await listNotices(app, campaign, today);
  const volume = await contactVolume(app.pool, campaign.id);
  const reported = new Map(volume.days.map((one) => [one.day, one.offered + one.contacts]));
  const handlingSeconds =
    volume.total.answered === 0 ? undefined : (volume.total.talkMinutes * 60) / volume.total.answered;
  const contacts = forecastContacts(sent, from ?? today, days).map(({ day, contacts: expected }) => ({
    day,
    expected: Math.round(expected),
    seats: seatsForDay(expected, handlingSeconds),
    reported: day <= today ? (reported.get(day) ?? null) : null,
  }));
  return { contacts, money: await forecastMoney(app, campaign.id) };
}

/** Who was or will be told when: handed over on the day the wave began, the rest then or today. */
async function listNotices(app: ForecastApp, campaign: Campaign, today: Day): Promise<NoticesSent[]> {
  if (campaign.planId === null) return [];
  const { campaignFile } = await getPlanSnapshot(app, campaign.planId);
  const counts = await countWaves(app.pool, campaign.id);
  const waves = (await listWaves(app.pool, campaign.id)).filter((wave) => waveTells(wave));
  return waves.flatMap((wave) => {
    const { handedOver = 0, pending = 0 } = counts.get(wave.waveId) ?? {};
    const start = toDay(wave.startAt);
    const means = meansOf(campaignFile, wave);
    return [
      { day: start, people: handedOver, means },
      { day: start < today ? today : start, people: pending, means },
    ];
  });
}

function meansOf(file: CampaignFile, wave: WaveRecord): NoticesSent['means'] {
  const isCard = (segment: string) =>
    file.segments
      .find((one) => one.id === segment)
      ?.when.items?.some((item) => file.letterRequiredFor.includes(item)) ?? false;
  const means = {
    email: 'email',
    letter: wave.segments.every(isCard) ? 'letterWithCardData' : 'letter',
  } as const satisfies Record<Medium, NoticesSent['means']>;
  return means[channelTable[wave.channel].medium];
}

async function forecastMoney(app: ForecastApp, campaignId: string): Promise<CampaignForecast['money']> {
  const adopted = await findPolicy(app.pool, campaignId);
  if (adopted === null) return null;
  const now = await computeClaim(app, { campaign: campaignId });
  const billed = await forecastClaim(app, { campaign: campaignId });
  return {
    incurred: now.total.incurred,
    payable: now.total.payable,
    incurredWhenBilled: billed.total.incurred,
    payableWhenBilled: billed.total.payable,
    paid: adopted.policy.paidYen ?? 0,
    outstanding: outstandingYen(adopted.policy, now),
    outstandingWhenBilled: outstandingYen(adopted.policy, billed),
  };
}
