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
  defer: 30,
  refuse: 20,
  bounce_unknown: 40,
  bounce_full: 10,
  delay: 10,
  complaint: 5,
  drop_before: 5,
  drop_after: 5,
};

/** Domains that behave badly on purpose; which of their faults an address has is decided by its hash. */
const badDomains: Readonly<Record<string, readonly CatcherFault[]>> = {
  'defer.example': ['defer'],
  'refuse.example': ['refuse'],
  'bounce.example': ['bounce_unknown', 'bounce_unknown', 'bounce_full', 'delay', 'complaint'],
  'drop.example': ['drop_before', 'drop_after'],
};

/** The fault of an address: its domain's, else by the rates. */
export function faultFor(recipient: string, rates: CatcherRates): CatcherFault | null {
  const address = recipient.toLowerCase();
  const hash = createHash('sha256').update(address).digest().readUInt32BE(0);
  const own = badDomains[address.slice(address.lastIndexOf('@') + 1)];
  if (own) return own[hash % own.length] ?? null;
  let point = hash % 10_000;
  for (const fault of catcherFaults) {
    point -= rates[fault] ?? 0;
    if (point < 0) return fault;
  }
  return null;
}
