/** `owabi reconcile CAMPAIGN`: where the rooms' records disagree; exit 1 when they do. */
import type { Run } from '../command.ts';

export const runReconcile: Run = async ({ args, options, say, call }) => {
  const campaign = args[0];
  if (options.rebuildBy !== undefined) await call('rebuild-counters', { campaign, by: options.rebuildBy });
  const json = await call('recount-campaign', { campaign });
  const head = json.ok
    ? say('cli.reconcile.none', { count: json.compared })
    : say('cli.reconcile.some', { count: json.differences.length });
  const lines = json.differences.map(
    ({ what, left, right }) =>
      `  ${what}: ${left.count} (${say(`cli.reconcile.from.${left.from}`)}) – ${right.count} (${say(`cli.reconcile.from.${right.from}`)})`,
  );
  return { json, text: [head, ...lines].join('\n'), exitCode: json.ok ? 0 : 1 };
};
