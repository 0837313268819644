/**
 * The demo's clock: real time plus the days that the demo skips, so that weeks of waiting for the post take a second and
 * every recorded instant still says what the story needs. It never goes back.
 */
export type DemoClock = { now(): Date; skipDays(days: number): void; skipHours(hours: number): void };

const HOUR_MS = 60 * 60 * 1000;

export function createDemoClock(): DemoClock {
  let skippedMs = 0;
  return {
    now: () => new Date(Date.now() + skippedMs),
    skipDays: (days) => {
      skippedMs += days * 24 * HOUR_MS;
    },
    skipHours: (hours) => {
      skippedMs += hours * HOUR_MS;
    },
  };
}
