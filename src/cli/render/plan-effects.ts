/** What a plan is about to do to whom, in words: shown before an approval and a launch, and by `owabi plan`. */
import type { PlanEffects, WaveEffect } from '../../desk/plan/describe-plan.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { CommandContext } from '../command.ts';

type Say = CommandContext['say'];
const count = (value: number) => value.toLocaleString('en');

export function effectsText(effects: PlanEffects, say: Say): string {
  return [
    say('effects.people', { people: count(effects.people) }),
    ...effects.waves.flatMap((wave) => waveLines(wave, say)),
    ...effects.withoutPlace.map(({ reason, people }) =>
      say('effects.withoutPlace', { people: count(people), why: say(`effects.why.${reason}`) }),
    ),
    ...(effects.cards === 0
      ? []
      : [say('effects.cards', { cards: count(effects.cards), yen: count(effects.cardsYen) })]),
  ].join('\n');
}

function waveLines(wave: WaveEffect, say: Say): string[] {
  const head = say('effects.wave', {
    wave: wave.id,
    channel: say(`status.channel.${wave.channel}`),
    purpose: say(`effects.purpose.${wave.purpose}`),
    from: formatLocalTime(new Date(wave.startAt)),
    to: formatLocalTime(new Date(wave.latestAt)),
    people: count(wave.people),
  });
  const more =
    wave.atMostMore === null
      ? [say('effects.named')]
      : wave.atMostMore > 0
        ? [say('effects.atMostMore', { people: count(wave.atMostMore) })]
        : [];
  const texts = wave.texts.map(({ segment, variant, language, people }) =>
    say('effects.text', { segment, variant, language, people: count(people) }),
  );
  const gift = wave.gift
    ? [say(`effects.gift.${wave.channel}`, { label: wave.gift.label, yen: count(wave.gift.unitYen) })]
    : [];
  const waits = wave.waits.map(({ code, until }) => {
    const why = say(`status.wait.${code}`);
    return until === null ? why : say('status.wait.until', { why, at: formatLocalTime(new Date(until)) });
  });
  return [head, ...[...more, ...texts, ...gift, ...waits].map((line) => `    ${line}`)];
}
