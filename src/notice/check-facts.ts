// That a notice agrees with the campaign: sender, number and hours, the order of dates, what is confirmed and what is only possible.
import { dayOf } from '../campaign/folder/local-time.ts';
import { isDay } from '../kernel/calendar.ts';
import type { NoticeCheck } from './check-input.ts';
import type { Passage } from './notice-passage.ts';
import { toPassages } from './notice-passage.ts';
import { blocksUnder, flattenBlocks, type NoticeFault } from './notice-source.ts';
import { assertedLeak, findPhrase, noMisusePhrases, possibleLeak, sourcePhrases } from './wording.ts';

const phonePattern =
  /(?<![\d-])0\d{1,4}-\d{1,4}-\d{3,4}(?![\d-])|(?<!\d)0(?:120|800|570)\d{6,7}(?!\d)|０[０-９]{1,4}[－ー‐][０-９]{1,4}[－ー‐][０-９]{3,4}/g;
const emailPattern = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const hoursPattern =
  /(?:午前|午後)?[0-9０-９]{1,2}(?:時(?:[0-9０-９]{1,2}分|半)?|[:：][0-9０-９]{2})\s*(?:から|より|[-–—〜～~])\s*(?:午前|午後)?[0-9０-９]{1,2}(?:時|[:：])/g;
const japaneseLetters = /[\u3040-\u30ff\u3400-\u9fff]/;

export function checkFacts(input: NoticeCheck): NoticeFault[] {
  return [
    ...checkSender(input),
    ...checkDates(input),
    ...checkTimeline(input),
    ...checkCertainty(input),
    ...checkMisuse(input),
    ...checkLanguage(input),
  ];
}

/** A number typed out must be the call centre's: one wrong digit sends thousands of worried people to a stranger. */
function checkSender({ passages, campaign, context, notice, lineOf }: NoticeCheck): NoticeFault[] {
  const { sender, callCentre } = campaign;
  const phones = new Set([callCentre.phone, sender.phone].map((phone) => phone && digits(phone)));
  const emails = new Set(
    [callCentre.email, sender.email.from, sender.email.replyTo].map((email) => email?.toLowerCase()),
  );
  const faults: NoticeFault[] = [];
  for (const { literal, line } of passages) {
    for (const [phone] of literal.matchAll(phonePattern)) {
      if (!phones.has(digits(phone)))
        faults.push({
          line,
          path: 'phone',
          key: 'notice.phone.differs',
          params: { found: phone, expected: callCentre.phone },
        });
    }
    for (const [email] of literal.matchAll(emailPattern)) {
      if (!emails.has(email.toLowerCase()))
        faults.push({ line, path: 'centreEmail', key: 'notice.email.differs', params: { found: email } });
    }
    for (const [hours] of literal.matchAll(hoursPattern)) {
      if (!context.values.hours.includes(hours))
        faults.push({
          line,
          path: 'hours',
          key: 'notice.hours.differs',
          params: { found: hours, expected: callCentre.hours },
        });
    }
  }
  const translated = notice.front.values?.hours;
  if (translated && hourDigits(translated) !== hourDigits(callCentre.hours)) {
    faults.push({
      line: lineOf('values.hours'),
      path: 'values.hours',
      key: 'notice.hours.differs',
      params: { found: translated, expected: callCentre.hours },
    });
  }
  return faults;
}

function digits(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '');
}

/** `9:00 a.m. to 8:00 p.m.` and 午前9時から午後8時 name the same hours: both come to "9,20". */
function hourDigits(hours: string): string {
  const found = hours
    .normalize('NFKC')
    .matchAll(/(午前|午後)?\s*(\d{1,2})(?:時(\d{1,2})?分?|[:.](\d{2}))?\s*([ap])?\.?(?:m\.?)?/gi);
  return [...found]
    .map(([, half, hour, minuteJa, minute, letter]) => {
      const afternoon = half === '午後' || letter?.toLowerCase() === 'p';
      return Number(hour) + (afternoon && Number(hour) < 12 ? 12 : 0) + Number(minuteJa ?? minute ?? 0) / 60;
    })
    .join();
}

/** Exposed, known, true as of, sent: in this order. What was looked into after the as-of date cannot be in the text. */
function checkDates({ notice, campaign, waves, lineOf }: NoticeCheck): NoticeFault[] {
  const { incident } = campaign;
  const { asOf } = notice.front;
  const known = dayOf(incident.knownAt);
  const order: [string, string, string, string][] = [
    ['incident.period.from', incident.period.from, 'incident.period.to', incident.period.to],
    ['incident.period.from', incident.period.from, 'incident.knownAt', known],
    ['incident.knownAt', known, 'asOf', asOf],
    ['incident.secondaryDamage.asOf', incident.secondaryDamage.asOf, 'asOf', asOf],
    ...waves.map((wave): [string, string, string, string] => [
      'asOf',
      asOf,
      `waves.${wave.id}.latest`,
      dayOf(wave.latest),
    ]),
    ...waves.map((wave): [string, string, string, string] => [
      'callCentre.opensOn',
      campaign.callCentre.opensOn,
      `waves.${wave.id}.start`,
      dayOf(wave.start),
    ]),
    ['callCentre.opensOn', campaign.callCentre.opensOn, 'callCentre.closesOn', campaign.callCentre.closesOn],
  ];
  return order
    .filter(([, earlier, , later]) => earlier > later)
    .map(([first, earlier, second, later]) => ({
      line: lineOf('asOf'),
      path: 'asOf',
      key: 'notice.dates.order',
      params: { first, earlier, second, later },
    }));
}

/** The days of the outline's lists stand in order, and none is after the day to which the facts are true. */
function checkTimeline(input: NoticeCheck): NoticeFault[] {
  const { asOf } = input.notice.front;
  return input.shapes.flatMap((shape) => {
    const under = blocksUnder(flattenBlocks(input.notice.blocks, shape), 'legal-1') ?? [];
    return under.flatMap((block): NoticeFault[] => {
      let previous = '';
      return toPassages([block], input.context).flatMap((passage): NoticeFault[] => {
        const day = firstDay(passage);
        const params = { day: day ?? '', previous, asOf };
        const isLate = day !== null && day > asOf;
        const isEarlier = day !== null && day < previous;
        previous = day ?? previous;
        if (!isLate && !isEarlier) return [];
        const key = isLate ? 'notice.dates.afterAsOf' : 'notice.dates.timeline';
        return [{ line: passage.line, path: '#legal-1', key, params }];
      });
    });
  });
}

const monthsEn = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** The first full date in a passage, as a day; null when there is none. */
function firstDay({ filled }: Passage): string | null {
  const ja = /(\d{4})年\s*(\d{1,2})月\s*(\d{1,2})日/.exec(filled.normalize('NFKC'));
  const en = new RegExp(`(\\d{1,2}) (${monthsEn.join('|')}) (\\d{4})`).exec(filled);
  const parts = ja ? [ja[1], ja[2], ja[3]] : en ? [en[3], String(monthsEn.indexOf(en[2] ?? '') + 1), en[1]] : null;
  if (!parts) return null;
  const day = `${parts[0]}-${parts[1]?.padStart(2, '0')}-${parts[2]?.padStart(2, '0')}`;
  return isDay(day) ? day : null;
}

/** The certainty of the incident decides whether the leak may be told as a fact. */
function checkCertainty(input: NoticeCheck): NoticeFault[] {
  const { certainty } = input.campaign.incident;
  const { language, front } = input.notice;
  const shown = new Map<number, Passage>();
  for (const shape of input.shapes) for (const passage of input.read(shape)) shown.set(passage.line, passage);
  const passages = [...shown.values()];
  const faults: NoticeFault[] = [];
  const subject = { line: input.lineOf('subject'), filled: front.subject };
  for (const { line, filled } of [subject, ...passages]) {
    const asserted = assertedLeak[language].exec(filled)?.[0];
    if (certainty === 'possible' && asserted)
      faults.push({ line, path: 'incident.certainty', key: 'notice.certainty.asserted', params: { found: asserted } });
    const possible = possibleLeak[language].exec(filled)?.[0];
    if (certainty === 'confirmed' && possible)
      faults.push({ line, path: 'incident.certainty', key: 'notice.certainty.possible', params: { found: possible } });
  }
  const stated = passages.some(
    (passage) =>
      passage.fields.includes('leaked') ||
      assertedLeak[language].test(passage.filled) ||
      possibleLeak[language].test(passage.filled),
  );
  if (!stated && front.purpose === 'initial') faults.push({ line: 0, path: 'leaked', key: 'notice.certainty.missing' });
  return faults;
}

/** "No misuse is confirmed" reassures; it may be said only with the day and with who established it, and only while it is true. */
function checkMisuse({ passages, campaign, notice }: NoticeCheck): NoticeFault[] {
  const { status } = campaign.incident.secondaryDamage;
  const faults: NoticeFault[] = [];
  for (const passage of passages) {
    const phrase = findPhrase(passage.filled, noMisusePhrases[notice.language]);
    if (!phrase) continue;
    const params = { found: phrase };
    if (status === 'confirmed')
      faults.push({ line: passage.line, path: '#legal-5', key: 'notice.misuse.untrue', params });
    const hasDay = firstDay(passage) !== null;
    const hasSource = sourcePhrases[notice.language].test(passage.filled);
    if (!hasDay || (!hasSource && !passage.fields.includes('secondaryDamage')))
      faults.push({ line: passage.line, path: '#legal-5', key: 'notice.misuse.unsourced', params });
  }
  return faults;
}

/** An English notice with Japanese values is no notice to someone who reads no Japanese. Names and addresses may stay Japanese. */
function checkLanguage({ notice, passages, context }: NoticeCheck): NoticeFault[] {
  if (notice.language !== 'en') return [];
  const mustTranslate = [
    'summary',
    'cause',
    'notLeaked',
    'secondaryDamage',
    'hours',
    'gift',
    'representative',
  ] as const;
  return mustTranslate
    .filter((field) => japaneseLetters.test(context.values[field]))
    .flatMap((field) => {
      const passage = passages.find((candidate) => candidate.fields.includes(field));
      return passage
        ? [{ line: passage.line, path: `values.${field}`, key: 'notice.value.untranslated', params: { field } }]
        : [];
    });
}
