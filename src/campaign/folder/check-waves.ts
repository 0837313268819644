/** Checks the waves: they name what exists, and every chain of fallbacks ends in a letter and never in a circle. */

import type { Fault } from './campaign-fault.ts';
import type { CampaignFile, Wave } from './campaign-file.ts';

/** Faults of the waves; nothing here looks at days. */
export function checkWaves(file: CampaignFile): Fault[] {
  return [...file.waves.flatMap((wave, index) => checkWave(file, wave, index)), ...checkLetterBehind(file)];
}

function checkWave(file: CampaignFile, wave: Wave, index: number): Fault[] {
  const at = `waves.${index}`;
  const faults: Fault[] = [];
  const known = file.segments.map((one) => one.id);
  wave.segments.forEach((id, place) => {
    if (!known.includes(id)) {
      faults.push({ path: `${at}.segments.${place}`, key: 'segmentUnknown', params: { id, known: known.join(', ') } });
    }
  });
  if (wave.gift !== undefined && !file.gifts.some((one) => one.id === wave.gift)) {
    const gifts = file.gifts.map((one) => one.id).join(', ') || '-';
    faults.push({ path: `${at}.gift`, key: 'giftUnknown', params: { id: wave.gift, known: gifts } });
  }
  if (wave.channel === 'gift' && wave.gift === undefined)
    faults.push({ path: at, key: 'giftMissing', params: { id: wave.id } });
  if (wave.channel === 'email' && wave.gift !== undefined) faults.push({ path: `${at}.gift`, key: 'giftByEmail' });
  return [...faults, ...checkFallback(file, wave, `${at}.fallbackOf`)];
}

function checkFallback(file: CampaignFile, wave: Wave, path: string): Fault[] {
  if (wave.fallbackOf === undefined) return [];
  const before = file.waves.find((one) => one.id === wave.fallbackOf);
  if (!before) {
    const known = file.waves.map((one) => one.id).join(', ');
    return [{ path, key: 'waveUnknown', params: { id: wave.fallbackOf, known } }];
  }
  if (isInCircle(file, wave)) return [{ path, key: 'fallbackCircle', params: { id: wave.id } }];
  if (wave.channel === 'gift' || before.channel === 'gift') return [{ path, key: 'fallbackGift' }];
  if (wave.channel === 'email' && before.channel === 'letter') return [{ path, key: 'fallbackBackwards' }];
  const strangers = wave.segments.filter((id) => !before.segments.includes(id));
  if (strangers.length > 0) {
    return [{ path, key: 'fallbackSegments', params: { id: before.id, segments: strangers.join(', ') } }];
  }
  return [];
}

function isInCircle(file: CampaignFile, start: Wave): boolean {
  const seen = new Set<string>();
  let wave: Wave | undefined = start;
  while (wave) {
    if (seen.has(wave.id)) return true;
    seen.add(wave.id);
    const next: string | undefined = wave.fallbackOf;
    wave = next === undefined ? undefined : file.waves.find((one) => one.id === next);
  }
  return false;
}

/** Each segment that is told by e-mail also has a letter wave: an address that bounces must not be the end. */
function checkLetterBehind(file: CampaignFile): Fault[] {
  const byLetter = new Set(file.waves.filter((wave) => wave.channel === 'letter').flatMap((wave) => wave.segments));
  return file.waves.flatMap((wave, index) => {
    if (wave.channel !== 'email') return [];
    return wave.segments.flatMap((id, place): Fault[] =>
      byLetter.has(id) ? [] : [{ path: `waves.${index}.segments.${place}`, key: 'noLetter', params: { id } }],
    );
  });
}
