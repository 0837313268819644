/** Every kind of fact there is with the form of its body, one table per room that writes them; and how bodies are written and read. */
import type { z } from 'zod';
import type { Json } from '../../kernel/canonical.ts';
import { stampFormat, upgradeStored } from '../../kernel/stored-format.ts';
import { campaignFacts } from './campaign.ts';
import { contactsFacts } from './contacts.ts';
import { deliveryFacts } from './delivery.ts';
import { deskFacts } from './desk.ts';
import { evidenceFacts } from './evidence.ts';
import type { BodyFormat } from './fact-body.ts';
import { intakeFacts } from './intake.ts';
import { ledgerFacts } from './ledger.ts';
import { letterFacts } from './letters.ts';
import { mailFacts } from './mail.ts';

export const factBodies = {
  ...campaignFacts,
  ...intakeFacts,
  ...deliveryFacts,
  ...mailFacts,
  ...letterFacts,
  ...contactsFacts,
  ...ledgerFacts,
  ...evidenceFacts,
  ...deskFacts,
} as const satisfies Record<string, BodyFormat>;

export type FactKind = keyof typeof factBodies;
export const factKinds = Object.keys(factBodies) as [FactKind, ...FactKind[]];

export type FactBody<K extends FactKind> = z.output<(typeof factBodies)[K]['schema']>;

/** The body as it is stored: of its kind's form, with its number. A body of another form is a fault of the program. */
export function writeFactBody<K extends FactKind>(kind: K, body: FactBody<K>): Json {
  const { schema, upgrades }: BodyFormat = factBodies[kind];
  return stampFormat(schema.parse(body) as object, upgrades.length + 1) as Json;
}

/** The one way to read a stored body: in its kind's newest form, whatever form it was written in. Throws FORMAT_NEWER. */
export function readFactBody<K extends FactKind>(kind: K, stored: unknown): FactBody<K> {
  const { schema, upgrades }: BodyFormat = factBodies[kind];
  return schema.parse(upgradeStored({ word: 'stored.fact', params: { kind } }, stored, upgrades)) as FactBody<K>;
}
