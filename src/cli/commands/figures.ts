/** `owabi figures CAMPAIGN`: the regulator's numbers (規則8条1項 ③ ⑥ ⑦). */
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { Run } from '../command.ts';

export const runFigures: Run = async ({ args, say, call }) => {
  const json = await call('count-figures', { campaign: args[0] });
  const { principals, response, publications } = json;
  const text = [
    say('cli.figures.principals', principals),
    say('cli.figures.told', { told: response.told, email: response.toldByEmail, letter: response.toldByLetter }),
    say('cli.figures.rest', {
      underway: response.underway,
      substitute: response.substitute,
      excluded: response.excluded,
      undecided: response.undecided,
    }),
    say('cli.figures.enquiries', response.enquiries),
    say('cli.figures.publications', { count: publications.length }),
    ...publications.map(
      (item) => `  ${formatLocalTime(new Date(item.asOf))}  ${say(`cli.publication.kind.${item.kind}`)}  ${item.url}`,
    ),
  ].join('\n');
  return { json, text };
};
