/** One person's story in words and Japanese time. What a code means stands in the catalogue; a code that only an older version knew shows as it is stored. */
import type { OperationOutput } from '../../desk/operations.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { CommandContext } from '../command.ts';

type Say = CommandContext['say'];
type Story = OperationOutput<'tell-story'>;
type StoryEvent = Story['events'][number];

export function storyText(story: Story, say: Say): string {
  return [
    say('cli.story.person', { name: story.name ?? say('cli.story.noName'), ref: story.ref }),
    ...standingLines(story, say),
    ...story.notices.map(({ issuedAt, number, wave, purpose }) => {
      const words = { at: japanese(issuedAt), number, wave, purpose: say(`effects.purpose.${purpose}`) };
      return `  ${say('story.notice', words)}`;
    }),
    ...story.events.map((event) => `  ${eventLine(event, say)}`),
    ...story.gifts.map(({ gift, state }) => `  ${say('story.gift', { gift, state: say(`story.gift.${state}`) })}`),
    ...proofLines(story, say),
    say('cli.story.recorded'),
  ].join('\n');
}

const japanese = (iso: string) => formatLocalTime(new Date(iso));

function standingLines({ list, standing }: Story, say: Say): string[] {
  const lines: string[] = [];
  if (list !== null) {
    const { version, position, leakedItems } = list;
    const words = { version, position, kind: say(`story.kind.${list.kind}`), items: leakedItems.join(', ') };
    lines.push(say('cli.story.list', words));
  }
  if (standing !== null) {
    const { outcome, term, dueOn } = standing;
    const words = { outcome: say(`status.outcome.${outcome}`), term: say(`status.term.${term}`), due: dueOn ?? '-' };
    lines.push(say('cli.story.standing', words));
  }
  return lines;
}

function proofLines({ proof }: Story, say: Say): string[] {
  if (proof === null) return [];
  return [say('cli.story.proof', { leaf: proof.leaf, root: proof.root, steps: proof.path.length })];
}

/** `2026-11-21 12:00  letter came back (unknown at the address)  #12`. */
function eventLine({ at, what, code, factId }: StoryEvent, say: Say): string {
  const event = say(`story.event.${what}`);
  const details = detailsOf(what, code, say);
  const both = (one: string, other: string) => say('story.both', { one, other });
  const words = details.length === 0 ? event : say('story.with', { event, details: details.reduce(both) });
  return [japanese(at), words, ...(factId === null ? [] : [`#${factId}`])].join('  ');
}

function detailsOf(what: string, code: string, say: Say): string[] {
  const [room, kind] = what.split('.');
  if (room === 'contact') {
    const [topic = '', result = ''] = code.split('/');
    return [say(`contacts.topic.${topic}`), say(`story.result.${result}`)];
  }
  if (room === 'letter') {
    if (kind === 'posted') return [say('story.slip', { slip: code })];
    return [wordFor(kind === 'returned' ? `driver.value.reason.${code}` : `story.letter.${code}`, code, say)];
  }
  // Whoever settled it is on record by their ids: names stand in the audit log.
  if (code.startsWith('by ')) return [say('story.mail.by_two')];
  return mailWords(code, say);
}

/** A server's numbers as they are, the other parts of the code in words. */
function mailWords(code: string, say: Say): string[] {
  const parts = code
    .replace(/^relay log/, 'relay_log')
    .split(' ')
    .filter(Boolean);
  const isNumber = (part: string) => /^\d[\d.]*$/.test(part);
  const numbers = parts.filter(isNumber).join(' ');
  const words = parts.filter((part) => !isNumber(part)).map((part) => wordFor(`story.mail.${part}`, part, say));
  return [...new Set([numbers, ...words])].filter(Boolean);
}

function wordFor(key: string, code: string, say: Say): string {
  const word = say(key);
  return word === key ? code : word;
}
