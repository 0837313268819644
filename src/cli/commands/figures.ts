/** `owabi figures CAMPAIGN`: the regulator's numbers (規則8条1項 ③ ⑥ ⑦). */
import { countFigures } from '../../evidence/figures/count-figures.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import { readSnapshot } from '../../platform/postgres/db.ts';
import type { AppRun } from '../command.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runFigures: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const figures = await readSnapshot(app.pool, (db) => countFigures(db, campaign.id));
  const { principals, response, publications } = figures;
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
  return { json: figures, text };
};
