// The values that are the same for everyone in a wave, in the words of the notice's language. What the campaign file states only in
// Japanese can be worded by the text itself (front matter `values`), so that an English notice is English throughout.
import type { CampaignFile, Gift } from '../campaign/folder/campaign-file.ts';
import { dayOf } from '../campaign/folder/local-time.ts';
import { formatDayEn, formatDayJa } from '../kernel/calendar.ts';
import { say } from '../platform/words.ts';
import { isSharedField, type SharedField } from './notice-field.ts';
import type { NoticeLanguage } from './notice-person.ts';
import type { CompiledNotice } from './read-notice.ts';

/** Keep one object per wave and text: rendering caches what it prepares by this object's identity. */
export type NoticeContext = {
  readonly certainty: 'confirmed' | 'possible';
  readonly values: Readonly<Record<SharedField, string>>;
};

/** `sentOn` is a day in Japan; `gift` the gift of the wave, when it has one and the insurer consented. */
export type ContextOptions = { sentOn: string; gift?: Gift | undefined };

/** Builds the context of one wave for one text. The campaign file must be the plan's, not the folder's. */
export function noticeContext(notice: CompiledNotice, campaign: CampaignFile, options: ContextOptions): NoticeContext {
  const { language, front } = notice;
  const { incident, sender, callCentre } = campaign;
  const date = (day: string) => formatDay(day, language);
  const gift = options.gift;
  const values: Record<SharedField, string> = {
    company: sender.name,
    representative: sender.representative,
    senderPostcode: sender.postcode,
    senderAddress: sender.address.join(language === 'ja' ? '　' : ', '),
    senderEmail: sender.email.from,
    sentOn: date(options.sentOn),
    asOf: date(front.asOf),
    knownOn: date(dayOf(incident.knownAt)),
    periodFrom: date(incident.period.from),
    periodTo: date(incident.period.to),
    summary: unfold(incident.summary, language),
    cause: unfold(incident.cause, language),
    leaked: say(language, `notice.leaked.${incident.certainty}`),
    notLeaked: incident.whatDidNotLeak.join(language === 'ja' ? '、' : ', '),
    secondaryDamage: secondaryDamage(incident.secondaryDamage, language),
    phone: callCentre.phone,
    hours: callCentre.hours,
    centreEmail: callCentre.email ?? '',
    centreOpens: date(callCentre.opensOn),
    centreCloses: date(callCentre.closesOn),
    url: callCentre.url,
    gift: gift?.label ?? '',
    giftYen: gift ? gift.faceYen.toLocaleString('en-US') : '',
  };
  return { certainty: incident.certainty, values: { ...values, ...wordValues(front.values ?? {}, values) } };
}

/** A text's own wording may hold fields of the campaign, such as `{{asOf}}`, so that no date is written twice. */
function wordValues(worded: NonNullable<CompiledNotice['front']['values']>, values: Record<SharedField, string>) {
  const fill = (text: string) =>
    text.replace(/\{\{(\w+)\}\}/g, (place, name: string) => (isSharedField(name) ? values[name] : place));
  return Object.fromEntries(Object.entries(worded).map(([field, text]) => [field, fill(text)]));
}

/** YAML folds a long Japanese sentence with a space where the line ended; Japanese has none after 、 and 。. */
function unfold(text: string, language: NoticeLanguage): string {
  return language === 'ja' ? text.replace(/(?<=[、。]) +/g, '') : text;
}

/** A day as the notice's language writes it. */
export function formatDay(day: string, language: NoticeLanguage): string {
  return language === 'ja' ? formatDayJa(day) : formatDayEn(day);
}

function secondaryDamage(damage: CampaignFile['incident']['secondaryDamage'], language: NoticeLanguage): string {
  const sentence = say(language, `notice.secondaryDamage.${damage.status}`, {
    asOf: formatDay(damage.asOf, language),
    source: damage.source,
  });
  return damage.detail ? `${sentence}${language === 'ja' ? '' : ' '}${damage.detail}` : sentence;
}
