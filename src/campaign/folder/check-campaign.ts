/**
 * Checks what no single value shows: dates in order, waves that know their segments and gifts, fallbacks that end in a letter,
 * nobody out of reach. Pure; every fault at once, each with its line and a remedy.
 */
import { daysBetween, isDay } from '../../kernel/calendar.ts';
import { judgeDay } from '../../kernel/outside-day.ts';
import type { Problem } from '../../kernel/problem.ts';
import type { Language } from '../../platform/language.ts';
import { say } from '../../platform/words.ts';
import { checkLaws, findOverdueReviews } from '../law/check-laws.ts';
import { findPolicyCategory } from '../policy/policy-terms.ts';
import { waveTells } from '../wave/wave.ts';
import type { CampaignCheck, CampaignFault } from './campaign-fault.ts';
import type { CampaignFile } from './campaign-file.ts';
import { campaignFileName } from './campaign-folder.ts';
import { checkReach } from './check-reach.ts';
import { checkWaves, findPartialFollowUps } from './check-waves.ts';
import { dayOf, endInstant } from './local-time.ts';

/** Problems stop an approval; warnings are shown beside them. */
export function checkCampaign(
  input: CampaignCheck,
  lineOf: (path: string) => number,
  language: Language,
): { problems: Problem[]; warnings: Problem[] } {
  const { file } = input;
  const faults = [
    ...checkIds(file),
    ...checkDays(input),
    ...checkWaves(file),
    ...checkReach(input),
    ...checkLaws(file),
    ...checkCharacters(file),
    ...checkSites(file),
  ];
  const toProblem = ({ path, key, params }: CampaignFault): Problem => ({
    file: campaignFileName,
    line: lineOf(path),
    path,
    message: say(language, `campaign.fault.${key}`, params ?? {}),
  });
  const inOrder = (list: readonly CampaignFault[]) => list.map(toProblem).sort((a, b) => a.line - b.line);
  return { problems: inOrder(faults), warnings: inOrder(findWarnings(input)) };
}

function checkIds(file: CampaignFile): CampaignFault[] {
  const lists = {
    segments: file.segments.map((one) => one.id),
    waves: file.waves.map((one) => one.id),
    gifts: file.gifts.map((one) => one.id),
    'incident.items': file.incident.items.map((one) => one.code),
  };
  return Object.entries(lists).flatMap(([list, ids]) =>
    ids.flatMap((id, index): CampaignFault[] => {
      if (ids.indexOf(id) === index) return [];
      const key = list === 'incident.items' ? 'code' : 'id';
      return [{ path: `${list}.${index}.${key}`, key: 'twice', params: { id } }];
    }),
  );
}

function checkDays({ file, today }: CampaignCheck): CampaignFault[] {
  const { incident, callCentre } = file;
  const known = dayOf(incident.knownAt);
  const faults: CampaignFault[] = [];
  const notAfter = (path: string, day: string | undefined, limit: string, key: string) => {
    if (day !== undefined && day > limit) faults.push({ path, key, params: { day, limit } });
  };
  notAfter('incident.knownAt', known, today, 'future');
  notAfter('incident.period.from', incident.period.from, incident.period.to, 'periodOrder');
  notAfter('incident.period.to', incident.period.to, today, 'future');
  notAfter('incident.secondaryDamage.asOf', incident.secondaryDamage.asOf, today, 'future');
  incident.types.forEach((type, index) => {
    notAfter(`incident.types.${index}.since`, type.since, today, 'future');
  });
  faults.push(...checkReports({ incident, known, today }));
  notAfter('callCentre.closesOn', callCentre.opensOn, callCentre.closesOn, 'centreOrder');
  file.waves.forEach((wave, index) => {
    const start = dayOf(wave.start);
    notAfter(`waves.${index}.latest`, wave.start, endOf(wave.latest), 'latestBeforeStart');
    if (start < known) faults.push({ path: `waves.${index}.start`, key: 'beforeKnown', params: { day: start, known } });
    // People call on the day they are told: a number that nobody answers is the second fault of a breach.
    if (start < callCentre.opensOn || start > callCentre.closesOn) {
      const params = { day: start, opens: callCentre.opensOn, closes: callCentre.closesOn };
      faults.push({ path: `waves.${index}.start`, key: 'centreClosed', params });
    }
  });
  return faults;
}

/** What was reported, to whomever, happened after the incident was known: such a day ticks its clock. */
function checkReports(given: { incident: CampaignFile['incident']; known: string; today: string }): CampaignFault[] {
  const { incident, known, today } = given;
  const bounds = { now: endInstant(today), campaign: { from: known, to: null } };
  const { reports, filed = {} } = incident;
  return Object.entries({ reports, filed }).flatMap(([list, values]) =>
    Object.entries(values).flatMap(([name, value]): CampaignFault[] => {
      if (value === undefined) return [];
      const day = dayOf(value);
      const verdict = judgeDay(day, bounds);
      if (verdict.kind === 'day') return [];
      const path = `incident.${list}.${name}`;
      return verdict.rule === 'future'
        ? [{ path, key: 'future', params: { day, limit: today } }]
        : [{ path, key: 'beforeKnown', params: { day, known } }];
    }),
  );
}

/** A bare day lasts until its end, so that `latest: 2026-11-24` is not before `start: 2026-11-24 09:00`. */
function endOf(localTime: string): string {
  return isDay(localTime) ? `${localTime} 23:59` : localTime;
}

function checkCharacters(file: CampaignFile): CampaignFault[] {
  return Object.entries(file.characters.substitutes).flatMap(([from, to]): CampaignFault[] => {
    const path = `characters.substitutes.${from}`;
    if (countCharacters(from) !== 1 || countCharacters(to) !== 1)
      return [{ path, key: 'substituteLength', params: { from, to } }];
    return from === to ? [{ path, key: 'substituteSame', params: { from } }] : [];
  });
}

/** As a reader counts: a character with its variation selector or combining mark is one. */
function countCharacters(text: string): number {
  return [...new Intl.Segmenter('ja', { granularity: 'grapheme' }).segment(text)].length;
}

function checkSites(file: CampaignFile): CampaignFault[] {
  const seen = new Set<string>();
  return file.smtp.sites.flatMap((site, index) =>
    site.domains.flatMap((domain, at): CampaignFault[] => {
      const isNew = !seen.has(domain);
      seen.add(domain);
      return isNew ? [] : [{ path: `smtp.sites.${index}.domains.${at}`, key: 'twice', params: { id: domain } }];
    }),
  );
}

/** Longer than this between knowing and telling is hard to explain as 速やかに. */
const LONG_WAIT_DAYS = 30;

function findWarnings({ file, policy, today }: CampaignCheck): CampaignFault[] {
  const warnings = [...findPartialFollowUps(file), ...findOverdueReviews(file, today)];
  const known = dayOf(file.incident.knownAt);
  const condolence = policy ? findPolicyCategory(policy, 'CONDOLENCE') : null;
  file.gifts.forEach((gift, index) => {
    const path = `gifts.${index}.priceYen`;
    if (gift.priceYen < gift.faceYen) warnings.push({ path, key: 'giftBelowFace', params: { id: gift.id } });
    if (policy && !condolence) warnings.push({ path, key: 'giftNotCovered', params: { id: gift.id } });
    const cap = condolence?.cap;
    const counted = cap?.feeCountsInCap === false ? gift.faceYen : gift.priceYen;
    if (cap && counted > cap.yen) {
      warnings.push({ path, key: 'giftAboveCap', params: { id: gift.id, yen: counted, cap: cap.yen } });
    }
  });
  if (policy && (known < policy.period.from || known > policy.period.to)) {
    const params = { known, from: policy.period.from, to: policy.period.to };
    warnings.push({ path: 'incident.knownAt', key: 'outsidePolicy', params });
  }
  const starts = file.waves.filter(waveTells).map((wave) => dayOf(wave.start));
  const first = starts.sort()[0];
  if (first !== undefined && daysBetween(known, first) > LONG_WAIT_DAYS) {
    warnings.push({ path: 'waves', key: 'longWait', params: { days: daysBetween(known, first) } });
  }
  file.waves.forEach((wave, index) => {
    if (dayOf(wave.latest) < today)
      warnings.push({ path: `waves.${index}.latest`, key: 'latestPassed', params: { day: dayOf(wave.latest) } });
  });
  const sendingDomain = file.sender.email.from.split('@')[1] ?? '';
  const dkim = file.smtp.dkim?.domain;
  if (dkim !== undefined && sendingDomain !== dkim && !sendingDomain.endsWith(`.${dkim}`)) {
    warnings.push({ path: 'smtp.dkim.domain', key: 'dkimUnaligned', params: { dkim, domain: sendingDomain } });
  }
  return warnings;
}
