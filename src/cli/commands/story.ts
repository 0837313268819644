/** `owabi story CAMPAIGN PERSON`: one person's whole story, with what proves it. */
import type { OperationOutput } from '../../desk/operations.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { CommandContext, Run } from '../command.ts';

export const runStory: Run = async ({ args, options, say, call }) => {
  const json = await call('tell-story', { campaign: args[0], person: args[1], ...options });
  return { json, text: describeStory(json, say) };
};

const japanese = (iso: string) => formatLocalTime(new Date(iso));

function describeStory(story: OperationOutput<'tell-story'>, say: CommandContext['say']): string {
  const lines = [say('cli.story.person', { name: story.name ?? say('cli.story.noName'), ref: story.ref })];
  if (story.list !== null) {
    const { version, position, kind, leakedItems } = story.list;
    lines.push(say('cli.story.list', { version, position, kind, items: leakedItems.join(', ') }));
  }
  if (story.standing !== null) {
    const { outcome, term, dueOn } = story.standing;
    const words = { outcome: say(`status.outcome.${outcome}`), term: say(`status.term.${term}`) };
    lines.push(say('cli.story.standing', { ...words, due: dueOn ?? '-' }));
  }
  for (const notice of story.notices) {
    const { number, wave, purpose } = notice;
    lines.push(`  ${say('story.notice', { at: japanese(notice.issuedAt), number, wave, purpose })}`);
  }
  for (const event of story.events) {
    lines.push(
      `  ${japanese(event.at)}  ${event.what}  ${event.code}${event.factId === null ? '' : `  #${event.factId}`}`,
    );
  }
  for (const gift of story.gifts) lines.push(`  ${say('story.gift', { gift: gift.gift, state: gift.state })}`);
  if (story.proof !== null) {
    lines.push(
      say('cli.story.proof', { leaf: story.proof.leaf, root: story.proof.root, steps: story.proof.path.length }),
    );
  }
  lines.push(say('cli.story.recorded'));
  return lines.join('\n');
}
