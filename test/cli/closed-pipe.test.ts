// `owabi … | head -1`: the reader goes before everything is said, and the command ends as if nothing had happened.
import { expect, it } from 'vitest';
import { startCli } from '../support/run-cli.ts';

it.each([['stdout'], ['stderr']] as const)('a command whose %s nobody reads any more ends quietly', async (stream) => {
  // An answer on standard output; a fault of usage on standard error.
  const words = stream === 'stdout' ? ['estimate', '--json'] : ['estimate', '--people', 'many'];
  const { process: child, ended } = startCli(words);
  child[stream]?.destroy();
  const { code, stdout, stderr } = await ended;
  expect([code, stdout, stderr]).toEqual([stream === 'stdout' ? 0 : 2, '', '']);
});
