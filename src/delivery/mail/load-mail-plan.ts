/**
 * Reads from the approved plan how its mails are written and paced: texts compiled once per plan and day, people opened for
 * one chunk and forgotten with it. What runs is the snapshot, never the folder (promise 3).
 */

import { getCampaign } from '../../campaign/find-campaign.ts';
import { getPlanSnapshot } from '../../campaign/plan/create-plan.ts';
import type { PlanSnapshot } from '../../campaign/plan/plan.ts';
import { siteKeyOf } from '../../intake/match/match-keys.ts';
import { type Day, toDay } from '../../kernel/calendar.ts';
import { AppError, errorCodeOf } from '../../kernel/errors.ts';
import { assertCleanOutput, type OtherNames, otherNames } from '../../notice/clean-output.ts';
import { type NoticeContext, noticeContext } from '../../notice/notice-context.ts';
import { type NoticePerson, noticePerson } from '../../notice/notice-person.ts';
import { type CompiledNotice, compileNotice } from '../../notice/read-notice.ts';
import { renderEmail, sharedTextOf } from '../../notice/render-email.ts';
import { listWaveNotices, type Notice } from '../../notice/store.ts';
import type { App } from '../../platform/app.ts';
import { openPeople } from '../open-people.ts';
import type { Chunk, OpenMail } from './chunk-store.ts';
import { type ComposedMail, type MailPlan, shapingOf } from './mail-plan.ts';

type PlanApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock'>;
type Text = { notice: CompiledNotice; context: NoticeContext; sharedText: string };
type Composer = PlanApp & {
  chunk: Chunk & { campaignId: string };
  snapshot: PlanSnapshot;
  sentOn: Day;
  texts: Map<string, Text>;
};

/** Plans kept per process: a campaign runs one plan at a time. */
const CACHED_PLANS = 8;
const cache = new WeakMap<PlanApp['pool'], Map<string, { snapshot: PlanSnapshot; texts: Map<string, Text> }>>();

export async function loadMailPlan(app: PlanApp, chunk: Chunk & { campaignId: string }): Promise<MailPlan> {
  const sentOn = toDay(app.clock());
  const { snapshot, texts } = await loadTexts(app, chunk, sentOn);
  const { sender, smtp, fallback } = snapshot.campaignFile;
  const blindKey = app.keys.open(chunk.campaignId).blind;
  return {
    planId: chunk.planId,
    from: { name: sender.email.fromName ?? sender.name, address: sender.email.from },
    ...(sender.email.replyTo ? { replyTo: { address: sender.email.replyTo } } : {}),
    returnDomain: sender.email.returnDomain,
    acceptedBy: smtp.acceptedBy,
    deferredHours: fallback.deferredHours,
    pacesOf: shapingOf(smtp, (domain) => siteKeyOf(blindKey, domain).toString('hex')),
    compose: (mails) => composeMails({ ...app, chunk, snapshot, sentOn, texts }, mails),
  };
}

async function loadTexts(app: PlanApp, chunk: Chunk & { campaignId: string }, sentOn: Day) {
  const key = `${chunk.planId} ${chunk.waveId} ${sentOn}`;
  const plans = cache.get(app.pool) ?? new Map<string, { snapshot: PlanSnapshot; texts: Map<string, Text> }>();
  cache.set(app.pool, plans);
  const known = plans.get(key);
  if (known) return known;
  const snapshot = await getPlanSnapshot(app, chunk.planId);
  const texts = new Map<string, Text>();
  for (const { variant, language, text } of snapshot.notices) {
    if (language !== 'ja' && language !== 'en') continue;
    const notice = compileNotice({ file: `notice/${variant}.${language}.md`, variant, language, text });
    const context = noticeContext(notice, snapshot.campaignFile, { sentOn });
    texts.set(`${variant} ${language}`, { notice, context, sharedText: sharedTextOf(notice, context) });
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
  const othersOf = new Map<Text, OtherNames>();
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
    composed.set(mail.assignmentId, composeOne(composer, { ...record, email: record.email }, notice, text, others));
  }
  return composed;
}

type Recipient = Parameters<typeof noticePerson>[0] & { email: string };

function composeOne(
  composer: Composer,
  record: Recipient,
  notice: Notice,
  text: Text,
  others: OtherNames,
): ComposedMail {
  const { items } = composer.snapshot.campaignFile.incident;
  const person: NoticePerson = noticePerson(record, {
    language: notice.language,
    number: notice.number,
    items,
    sentOn: composer.sentOn,
    gift: false,
  });
  const known = new Set(items.map((item) => item.code));
  try {
    const rendered = renderEmail(text.notice, person, text.context);
    assertCleanOutput(rendered, person, {
      others,
      unknownItems: record.leakedItems.filter((code) => !known.has(code)),
    });
    return { kind: 'ready', to: { address: record.email }, ...rendered, language: notice.language };
  } catch (error) {
    if (error instanceof AppError) return { kind: 'blocked', code: errorCodeOf(error) };
    throw error;
  }
}
