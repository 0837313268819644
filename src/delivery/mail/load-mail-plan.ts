/**
 * Reads from the approved plan how its mails are written and paced: texts compiled once per plan and day, people opened for
 * one chunk and forgotten with it. What runs is the snapshot, never the folder (promise 3).
 */

import { getCampaign } from '../../campaign/find-campaign.ts';
import { getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import type { PlanSnapshot } from '../../campaign/plan/plan.ts';
import { siteKeyOf } from '../../intake/match/match-keys.ts';
import { type Day, toDay } from '../../kernel/calendar.ts';
import { type OtherNames, otherNames } from '../../notice/clean-output.ts';
import { listWaveNotices } from '../../notice/store.ts';
import type { App } from '../../platform/app.ts';
import { openPeople } from '../open-people.ts';
import type { Chunk, OpenMail } from './chunk-store.ts';
import { compileMailText, composeMail, type MailText, mailSenderOf } from './compose-mail.ts';
import { type ComposedMail, type MailPlan, shapingOf } from './mail-plan.ts';

type PlanApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock'>;
type Composer = PlanApp & {
  chunk: Chunk & { campaignId: string };
  snapshot: PlanSnapshot;
  sentOn: Day;
  texts: Map<string, MailText>;
};

/** Plans kept per process: a campaign runs one plan at a time. */
const CACHED_PLANS = 8;
const cache = new WeakMap<PlanApp['pool'], Map<string, { snapshot: PlanSnapshot; texts: Map<string, MailText> }>>();

export async function loadMailPlan(app: PlanApp, chunk: Chunk & { campaignId: string }): Promise<MailPlan> {
  const sentOn = toDay(app.clock());
  const { snapshot, texts } = await loadTexts(app, chunk, sentOn);
  const { smtp, fallback } = snapshot.campaignFile;
  const blindKey = app.keys.open(chunk.campaignId).blind;
  return {
    planId: chunk.planId,
    ...mailSenderOf(snapshot.campaignFile),
    acceptedBy: smtp.acceptedBy,
    deferredHours: fallback.deferredHours,
    pacesOf: shapingOf(smtp, (domain) => siteKeyOf(blindKey, domain).toString('hex')),
    compose: (mails) => composeMails({ ...app, chunk, snapshot, sentOn, texts }, mails),
  };
}

async function loadTexts(app: PlanApp, chunk: Chunk & { campaignId: string }, sentOn: Day) {
  const key = `${chunk.planId} ${chunk.waveId} ${sentOn}`;
  const plans = cache.get(app.pool) ?? new Map<string, { snapshot: PlanSnapshot; texts: Map<string, MailText> }>();
  cache.set(app.pool, plans);
  const known = plans.get(key);
  if (known) return known;
  const snapshot = await getPlanSnapshot(app, chunk.planId);
  const texts = new Map<string, MailText>();
  for (const { variant, language, text } of snapshot.notices) {
    if (language !== 'ja' && language !== 'en') continue;
    texts.set(`${variant} ${language}`, compileMailText(snapshot.campaignFile, { variant, language, text }, sentOn));
  }
  const loaded = { snapshot, texts };
  if (plans.size >= CACHED_PLANS) plans.clear();
  plans.set(key, loaded);
  return loaded;
}

/** Opens the people of one chunk, renders each mail and checks it before it may leave (promise 5). */
async function composeMails(composer: Composer, mails: readonly OpenMail[]): Promise<Map<string, ComposedMail>> {
  const { chunk, snapshot } = composer;
  const refs = mails.map((mail) => mail.personRef);
  if (refs.length === 0) return new Map();
  const campaign = await getCampaign(composer.pool, chunk.campaignId);
  const notices = await listWaveNotices(composer.pool, chunk.campaignId, chunk.waveId, refs);
  const people = await openPeople(composer, campaign, notices, snapshot.listVersion);
  const noticeOf = new Map(notices.map((notice) => [notice.id, notice]));
  const othersOf = new Map<MailText, OtherNames>();
  const composed = new Map<string, ComposedMail>();
  for (const mail of mails) {
    const record = people.get(mail.personRef);
    const notice = noticeOf.get(mail.noticeId);
    const text = notice && composer.texts.get(`${notice.variant} ${notice.language}`);
    if (!record?.email || !notice || notice.personRef !== mail.personRef || !text) {
      composed.set(mail.assignmentId, { kind: 'blocked', code: 'NOTICE_INCOMPLETE' });
      continue;
    }
    let others = othersOf.get(text);
    if (!others) {
      others = otherNames([...people.values()], text.sharedText);
      othersOf.set(text, others);
    }
    composed.set(
      mail.assignmentId,
      composeMail(
        { file: snapshot.campaignFile, sentOn: composer.sentOn, text, others },
        { ...record, email: record.email },
        notice,
      ),
    );
  }
  return composed;
}
