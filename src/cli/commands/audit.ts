/** `owabi audit CAMPAIGN`: who did what and whose data was opened; exit 1 when the log no longer fits what the chain holds. */
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { Run } from '../command.ts';

export const runAudit: Run = async ({ args, options, say, call }) => {
  const json = await call('list-audit', { campaign: args[0], ...options });
  const lines = json.events.map(({ at, kind, operation, door, actor, people, code }) =>
    say('cli.audit.line', {
      at: formatLocalTime(new Date(at)),
      kind: say(`cli.audit.kind.${kind}`),
      operation: say(`operation.${operation}`),
      door: say(`cli.audit.door.${door}`),
      actor: actor ?? '-',
      people: people === 0 ? '' : say('cli.audit.people', { count: people }),
      code,
    }).trimEnd(),
  );
  const verdict = json.ok
    ? say('cli.audit.ok', { count: json.events.length, uncovered: json.uncovered })
    : say('cli.audit.broken', { facts: json.broken.map((id) => `#${id}`).join(', ') });
  return { json, text: [...lines, verdict].join('\n'), exitCode: json.ok ? 0 : 1 };
};
