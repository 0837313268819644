/** The insurer's consent to a kind of cost: what was asked, what was answered, and how much of it is already held. */

import type { CostCategory } from '../../kernel/cost-category.ts';
import { findPolicyCategory, type PolicyFile } from '../policy/policy-terms.ts';

export const consentAnswers = ['asked', 'granted', 'granted_with_conditions', 'denied', 'withdrawn'] as const;
/** `asked` means no answer yet; it permits nothing. */
export type ConsentAnswer = (typeof consentAnswers)[number];

export const consentForms = ['oral', 'email', 'written', 'unknown'] as const;
export type ConsentForm = (typeof consentForms)[number];

export type Consent = {
  readonly id: string;
  readonly category: CostCategory;
  /** Only for this vendor; null for any. */
  readonly vendor: string | null;
  readonly answer: ConsentAnswer;
  readonly form: ConsentForm;
  /** Caps of null were not stated: no cap. Yen are whole yen. */
  readonly unitPriceCapYen: number | null;
  readonly quantityCap: number | null;
  readonly amountCapYen: number | null;
  /** Last day (Japan), or null. */
  readonly validTo: string | null;
  readonly heldQuantity: number;
  readonly heldYen: number;
};

/** What the policy wants before a cost of this category. UNKNOWN is not NONE: it is shown, and the insurer is asked. */
export type ConsentNeed = 'none' | 'notice' | 'consent' | 'written' | 'unknown' | 'not_covered';

export function consentNeed(policy: PolicyFile, category: CostCategory): ConsentNeed {
  const terms = findPolicyCategory(policy, category);
  if (!terms) return 'not_covered';
  const needs = { NONE: 'none', NOTICE: 'notice', CONSENT: 'consent', WRITTEN: 'written', UNKNOWN: 'unknown' } as const;
  return needs[terms.priorApproval];
}

/** Whether a cost of this category waits for a consent that can be held. */
export function needsConsent(policy: PolicyFile, category: CostCategory): boolean {
  const need = consentNeed(policy, category);
  return need === 'consent' || need === 'written' || need === 'unknown';
}
