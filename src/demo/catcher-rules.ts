/** What the demo's mail server does to whom: decided by a hash of the address, so that a run can be repeated. Pure. */
import { createHash } from 'node:crypto';

/** `defer`, `drop_before` and `drop_after` hit only the first try; the others hit for good. */
export const catcherFaults = [
  'defer',
  'refuse',
  'bounce_unknown',
  'bounce_full',
  'delay',
  'complaint',
  'drop_before',
  'drop_after',
] as const;
export type CatcherFault = (typeof catcherFaults)[number];

/** Per ten thousand recipients. */
export type CatcherRates = Readonly<Partial<Record<CatcherFault, number>>>;

export const usualRates: CatcherRates = {
  defer: 200,
  refuse: 120,
  bounce_unknown: 150,
  bounce_full: 30,
  delay: 40,
  complaint: 10,
  drop_before: 30,
  drop_after: 30,
};

/** A whole domain named after a fault (`refuse.example`) always has it; every other address by its hash. */
export function faultFor(recipient: string, rates: CatcherRates): CatcherFault | null {
  const address = recipient.toLowerCase();
  const named = catcherFaults.find((fault) => address.endsWith(`@${fault.replace('_', '-')}.example`));
  if (named) return named;
  let point = createHash('sha256').update(address).digest().readUInt32BE(0) % 10_000;
  for (const fault of catcherFaults) {
    point -= rates[fault] ?? 0;
    if (point < 0) return fault;
  }
  return null;
}
