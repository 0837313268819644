/** Every kind of fact there is, one list per room that writes them. */
import { campaignFacts } from './campaign.ts';
import { contactsFacts } from './contacts.ts';
import { deliveryFacts } from './delivery.ts';
import { evidenceFacts } from './evidence.ts';
import { intakeFacts } from './intake.ts';
import { ledgerFacts } from './ledger.ts';
import { letterFacts } from './letters.ts';
import { mailFacts } from './mail.ts';

export const factKinds = [
  ...campaignFacts,
  ...intakeFacts,
  ...deliveryFacts,
  ...mailFacts,
  ...letterFacts,
  ...contactsFacts,
  ...ledgerFacts,
  ...evidenceFacts,
] as const;

export type FactKind = (typeof factKinds)[number];
