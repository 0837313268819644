/** `owabi people list|decide|resend`: who waits for a decision, and the decision of a named person about them. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import { decidePeople, type PersonDecision } from '../../delivery/decide-people.ts';
import { listPiecesToPull } from '../../delivery/letters/piece-store.ts';
import { exclusionReasons, type Outcome, termOfOutcome } from '../../delivery/outcome.ts';
import { resendPeople } from '../../delivery/resend-people.ts';
import { listPeopleByOutcome, listWaitingPeople } from '../../delivery/standing-store.ts';
import { openNames } from '../../desk/open-names.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun } from '../command.ts';
import { formatTable } from '../render/ledger-table.ts';
import { withNote } from '../render/named-list.ts';
import { resolveCampaign } from '../resolve-campaign.ts';
import { resolvePerson } from '../resolve-person.ts';

const decisionsByWord: Readonly<Record<string, PersonDecision>> = {
  substitute: { kind: 'substituted', code: 'public_notice' },
  readmit: { kind: 'readmitted', code: 'none' },
  'release-letter': { kind: 'released_from_letter', code: 'lawyer' },
  ...Object.fromEntries(
    exclusionReasons.map((reason) => [reason.replaceAll('_', '-'), { kind: 'excluded' as const, code: reason }]),
  ),
};

function outcomesNamed(text: string): Outcome[] {
  if (text === 'undecided')
    return (Object.keys(termOfOutcome) as Outcome[]).filter((outcome) => termOfOutcome[outcome] === 'undecided');
  if (text in termOfOutcome) return [text as Outcome];
  throw new AppError('USAGE_WRONG.word', {
    word: text,
    known: ['undecided', ...Object.keys(termOfOutcome)].join(', '),
  });
}

export const runPeopleList: AppRun = async ({ app, args, options, say, wantsJson }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const waiting = await listWaitingPeople(app.pool, campaign.id, outcomesNamed(args[1] ?? ''));
  const refs = waiting.map((person) => person.ref);
  const json = { people: refs, waiting };
  if (wantsJson || refs.length === 0) return { json, text: say('cli.people.none') };
  const by = typeof options.by === 'string' ? options.by : null;
  const names = await openNames(app, { campaign, refs, by });
  const table = formatTable(
    [
      { title: say('cli.names.due') },
      { title: say('cli.names.name') },
      { title: say('cli.names.outcome') },
      { title: say('cli.names.ref') },
    ],
    waiting.map(({ ref, outcome, dueOn }) => [
      dueOn ?? '-',
      names.get(ref) ?? '-',
      say(`status.outcome.${outcome}`),
      ref,
    ]),
  );
  return { json, text: withNote(table, { named: names.size, listed: refs.length }, say) };
};

export const runPeopleDecide: AppRun = async ({ app, args, options, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const decision = decisionsByWord[args[1] ?? ''];
  if (!decision)
    throw new AppError('USAGE_WRONG.word', { word: args[1] ?? '', known: Object.keys(decisionsByWord).join(', ') });
  if (typeof options.by !== 'string') throw new AppError('USAGE_WRONG.byMissing');
  const named = Array.isArray(options.person)
    ? await Promise.all((options.person as string[]).map((text) => resolvePerson(app, campaign, text)))
    : [];
  const byOutcome =
    typeof options.outcome === 'string'
      ? await listPeopleByOutcome(app.pool, campaign.id, outcomesNamed(options.outcome))
      : [];
  const refs = [...new Set([...named, ...byOutcome])];
  if (refs.length === 0) throw new AppError('USAGE_WRONG.nobody');
  if (options.dryRun === true)
    return { json: { people: refs.length, decided: 0 }, text: say('cli.people.wouldDecide', { count: refs.length }) };
  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: options.by });
  const decided = await decidePeople(app, { campaignId: campaign.id, refs, decision, actorId });
  const pull = await listPiecesToPull(app.pool, campaign.id, refs);
  const lines = [say('cli.people.decided', { count: decided })];
  if (pull.length > 0) lines.push(say('cli.people.pull', { count: pull.length, campaign: campaign.slug }), ...pull);
  return { json: { people: refs.length, decided, pull }, text: lines.join('\n') };
};

export const runPeopleResend: AppRun = async ({ app, args, options, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const waveId = args[1] ?? '';
  if (typeof options.by !== 'string' || !Array.isArray(options.person)) {
    throw new AppError('USAGE_WRONG.resend');
  }
  const refs = await Promise.all((options.person as string[]).map((text) => resolvePerson(app, campaign, text)));
  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: options.by });
  const { placed, refused } = await resendPeople(app, { campaignId: campaign.id, waveId, refs, actorId });
  const lines = [
    say('cli.people.resend.placed', { count: placed, wave: waveId }),
    ...refused.map(({ ref, reason }) => `- ${ref}: ${say(`people.resend.${reason}`)}`),
  ];
  return { json: { placed, refused }, text: lines.join('\n'), exitCode: refused.length > 0 ? 1 : 0 };
};
