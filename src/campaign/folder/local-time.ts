/** Times as people write them in campaign.yaml: a day, or a day and a time of day in Japan (UTC+9, no summer time). */
import { z } from 'zod';

const localTimePattern = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}))?$/;

function isRealLocalTime(text: string): boolean {
  const match = localTimePattern.exec(text);
  if (!match) return false;
  const [, day = '', time = '00:00'] = match;
  const instant = new Date(`${day}T${time}:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${day}T${time}`);
}

/** `2026-11-20`: a calendar day that exists. */
export const daySchema = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isRealLocalTime(text), 'want.day')
  .meta({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

/** `2026-11-20 09:00` (or only the day): a moment in Japan. */
export const localTimeSchema = z
  .string()
  .refine(isRealLocalTime, 'want.localTime')
  .meta({ pattern: '^\\d{4}-\\d{2}-\\d{2}([ T]\\d{2}:\\d{2})?$' });

/** The first instant that the text names: a bare day begins at 00:00 in Japan. */
export function startInstant(text: string): Date {
  const [, day, time = '00:00'] = localTimePattern.exec(text) ?? [];
  return new Date(`${day}T${time}:00+09:00`);
}

/** The last instant that the text names: a bare day ends at 23:59:59.999 in Japan; with a time, that minute's start. */
export function endInstant(text: string): Date {
  const [, day, time] = localTimePattern.exec(text) ?? [];
  return new Date(time ? `${day}T${time}:00+09:00` : `${day}T23:59:59.999+09:00`);
}

/** The day part of a local time. */
export function dayOf(text: string): string {
  return text.slice(0, 10);
}
