/**
 * The drivers: everything that fact lines count, with the attributes that a price may depend on and the room that writes them.
 * Closed table: rate cards, invoices, totals and heads name nothing that is not here, so a misspelt word is found where it stands.
 */
import { z } from 'zod';

/** How a letter travels: 普通, 特定記録, 簡易書留. */
export const postalServices = ['ordinary', 'recorded', 'registered'] as const;
export type PostalService = (typeof postalServices)[number];

export const weightClasses = ['50g'] as const;

/** Why the post brought a letter back (返戻理由). */
export const returnReasonCodes = [
  'UNKNOWN',
  'MOVED',
  'INCOMPLETE',
  'REFUSED',
  'UNCLAIMED',
  'FORWARDING_EXPIRED',
  'DECEASED',
  'POSTAGE_DUE',
  'DAMAGED',
] as const;
export type ReturnReason = (typeof returnReasonCodes)[number];

/** To whom a card went: policies cap what a person and what a corporation may get. */
export const giftRecipients = ['person', 'corporation'] as const;
export type GiftRecipient = (typeof giftRecipients)[number];

/** A card's kind is named by the campaign's own id of it; `check` holds it against campaign.yaml. */
const giftCard = {
  gift: z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/, 'want.id'),
  recipient: z.enum(giftRecipients),
};

type DriverTerms = {
  /** The room whose code writes it; a test holds this against the sources. */
  readonly room: 'delivery' | 'contacts';
  /** Every line carries all of them. Values are what a rate may match on. */
  readonly attributes: Readonly<Record<string, z.ZodType<string | number | boolean>>>;
};

export const drivers = {
  'mail.accepted': { room: 'delivery', attributes: {} },
  'letter.printed': { room: 'delivery', attributes: { sheets: z.int().min(1).max(20) } },
  'letter.posted': {
    room: 'delivery',
    attributes: { service: z.enum(postalServices), barcode: z.boolean(), weightClass: z.enum(weightClasses) },
  },
  'letter.spoiled': { room: 'delivery', attributes: {} },
  'letter.returned': { room: 'delivery', attributes: { reason: z.enum(returnReasonCodes) } },
  'posting.made': { room: 'delivery', attributes: {} },
  'gift.posted': { room: 'delivery', attributes: giftCard },
  'gift.spoiled': { room: 'delivery', attributes: giftCard },
  'gift.returned': { room: 'delivery', attributes: giftCard },
  'call.answered': { room: 'contacts', attributes: {} },
  'call.minutes': { room: 'contacts', attributes: {} },
} as const satisfies Record<string, DriverTerms>;

export type Driver = keyof typeof drivers;
export const driverNames = Object.keys(drivers) as [Driver, ...Driver[]];
export const driverSchema = z.enum(driverNames);

export type Attributes<D extends Driver> = {
  readonly [name in keyof (typeof drivers)[D]['attributes']]: z.output<(typeof drivers)[D]['attributes'][name]>;
};

/** The attributes of a driver by name, for whoever reads them from a file. */
export function attributesOf(driver: Driver): DriverTerms['attributes'] {
  return drivers[driver].attributes;
}
