/**
 * The terms of a cyber policy as data: which cost categories it knows under which label, what each needs beforehand, and
 * the ordered steps by which an incurred cost becomes a payable one. The ledger computes with it; nothing is hard-coded.
 */
import { z } from 'zod';
import { type CostCategory, costCategories } from '../../kernel/cost-category.ts';
import { type Upgrade, upgradeStored } from '../../kernel/stored-format.ts';

export const costCategorySchema = z.enum(costCategories);

/** What a category needs before the cost: UNKNOWN ("the policy does not say") is not NONE; it warns, and asks the insurer. */
export const priorApprovals = ['NONE', 'NOTICE', 'CONSENT', 'WRITTEN', 'UNKNOWN'] as const;
export type PriorApproval = (typeof priorApprovals)[number];

/** The heads that a cap is counted by: a person, an addressee of the apology, a leaked record, a corporation. */
export const capHeads = ['PERSON', 'ADDRESSEE', 'RECORD', 'CORPORATION'] as const;
export type CapHead = (typeof capHeads)[number];

/** The steps that a policy may apply, in the usual order; a policy lists its own order. */
export const policySteps = [
  'categoryCap',
  'categoryDeductible',
  'categoryRatio',
  'categorySublimit',
  'groupSublimit',
  'policyDeductible',
  'policyRatio',
  'costLimit',
  'sharedLimit',
  'otherInsurance',
  'lessPaid',
] as const;
export type PolicyStep = (typeof policySteps)[number];

const yen = z.int().nonnegative();
const ratio = z.string().regex(/^(100(\.0)?|\d{1,2}(\.\d)?)%$/, 'want.share');
const day = z.iso.date();

export const policyCategorySchema = z.strictObject({
  category: costCategorySchema,
  /** The policy's own words for it, as the claim form writes them. */
  label: z.string().min(1),
  priorApproval: z.enum(priorApprovals),
  /** NET: the insured takes input-tax credit, so consumption tax is not indemnified (通達5-2-4). */
  taxBasis: z.enum(['NET', 'GROSS']).default('NET'),
  cap: z
    .strictObject({
      yen,
      per: z.enum(capHeads),
      /** Whether the issuing fee of a card (QUO 500: 30 yen) is inside the cap. When false the fee has no cap. */
      feeCountsInCap: z.boolean().default(true),
    })
    .optional(),
  deductibleYen: yen.optional(),
  ratio: ratio.optional(),
  sublimitYen: yen.optional(),
  /** Id of a group in `groups` that shares one sublimit. */
  group: z.string().min(1).optional(),
  note: z.string().optional(),
});

export const policyFileSchema = z
  .strictObject({
    insurer: z.string().min(1),
    product: z.string().optional(),
    policyNumber: z.string().min(1),
    policyholder: z.string().optional(),
    /** Where the terms were read, for packs that are shipped. */
    source: z.string().optional(),
    checkedOn: day.optional(),
    /** The incident must be discovered within it. */
    period: z.strictObject({ from: day, to: day }),
    /** Days from the discovery within which a cost must arise (事故対応期間); compared with the service date. */
    incidentResponsePeriodDays: z.int().positive().optional(),
    /** Days within which the insurer wants to be told, for the clocks. */
    noticeWithinDays: z.int().positive().optional(),
    categories: z.array(policyCategorySchema).min(1),
    groups: z.array(z.strictObject({ id: z.string().min(1), label: z.string().min(1), sublimitYen: yen })).default([]),
    deductibleYen: yen.optional(),
    ratio: ratio.optional(),
    costLimitYen: yen.optional(),
    /** A limit that costs share with liability payments of the same occurrence or period. */
    sharedLimit: z.strictObject({ limitYen: yen, usedYen: yen.default(0) }).optional(),
    /** Campaigns of one occurrence (一連の事故) share deductible and limits: what earlier ones have used. */
    occurrence: z
      .strictObject({ id: z.string().min(1), deductibleUsedYen: yen.default(0), costLimitUsedYen: yen.default(0) })
      .optional(),
    otherInsurance: z
      .strictObject({
        /** RESIDUAL: pays at most the loss less what others pay. DEDUCT: what others pay is taken off. */
        rule: z.enum(['RESIDUAL', 'DEDUCT']).default('RESIDUAL'),
        contracts: z.array(z.strictObject({ insurer: z.string().min(1), paysYen: yen })).min(1),
      })
      .optional(),
    /** Already paid by this insurer for this incident (内払): lowers what is outstanding, never what is payable. */
    paidYen: yen.optional(),
    steps: z.array(z.enum(policySteps)).min(1),
    note: z.string().optional(),
  })
  .superRefine(checkPolicy);

export type PolicyFile = z.output<typeof policyFileSchema>;
export type PolicyCategory = PolicyFile['categories'][number];

const upgrades: readonly Upgrade[] = [];

/** Reads adopted terms of any format. Throws FORMAT_NEWER. */
export function readPolicyVersion(stored: unknown): PolicyFile {
  return policyFileSchema.parse(upgradeStored({ word: 'stored.policy-version' }, stored, upgrades));
}

/** `"92.5%"` → 925n per mille, exact. Only for text that the schema has let through. */
export function perMille(share: string): bigint {
  const [whole = '0', tenth = '0'] = share.replace('%', '').split('.');
  return BigInt(whole) * 10n + BigInt(tenth || '0');
}

/** The policy's terms for a neutral category, or null when it does not name it (then nothing of it is covered). */
export function findPolicyCategory(policy: PolicyFile, category: CostCategory): PolicyCategory | null {
  if (category === 'NOT_COVERED') return null;
  return policy.categories.find((candidate) => candidate.category === category) ?? null;
}

type UncheckedPolicy = {
  categories: readonly {
    category: string;
    cap?: unknown;
    deductibleYen?: unknown;
    ratio?: unknown;
    sublimitYen?: unknown;
    group?: string | undefined;
  }[];
  groups: readonly { id: string }[];
  period: { from: string; to: string };
  steps: readonly PolicyStep[];
  deductibleYen?: unknown;
  ratio?: unknown;
  costLimitYen?: unknown;
  sharedLimit?: unknown;
  otherInsurance?: unknown;
  paidYen?: unknown;
};

/** Faults that no single field shows: a category twice, an amount whose step is missing, a group nobody defined. */
function checkPolicy(policy: UncheckedPolicy, context: z.RefinementCtx): void {
  const fault = (path: (string | number)[], message: string, params: Record<string, string> = {}) =>
    context.addIssue({ code: 'custom', path, message, params });
  if (policy.period.to < policy.period.from) fault(['period', 'to'], 'policy.fault.period');
  const seen = new Set<string>();
  policy.categories.forEach((item, index) => {
    if (seen.has(item.category))
      fault(['categories', index, 'category'], 'policy.fault.twice', { what: item.category });
    seen.add(item.category);
    if (item.group !== undefined && !policy.groups.some((group) => group.id === item.group)) {
      fault(['categories', index, 'group'], 'policy.fault.group', { group: item.group });
    }
  });
  const any = (key: 'cap' | 'deductibleYen' | 'ratio' | 'sublimitYen') =>
    policy.categories.some((item) => item[key] !== undefined);
  const needed: [PolicyStep, boolean][] = [
    ['categoryCap', any('cap')],
    ['categoryDeductible', any('deductibleYen')],
    ['categoryRatio', any('ratio')],
    ['categorySublimit', any('sublimitYen')],
    ['groupSublimit', policy.groups.length > 0],
    ['policyDeductible', policy.deductibleYen !== undefined],
    ['policyRatio', policy.ratio !== undefined],
    ['costLimit', policy.costLimitYen !== undefined],
    ['sharedLimit', policy.sharedLimit !== undefined],
    ['otherInsurance', policy.otherInsurance !== undefined],
    ['lessPaid', policy.paidYen !== undefined],
  ];
  for (const [step, used] of needed) {
    if (used && !policy.steps.includes(step)) fault(['steps'], 'policy.fault.step', { step });
  }
  const doubled = policy.steps.find((step, index) => policy.steps.indexOf(step) !== index);
  if (doubled) fault(['steps'], 'policy.fault.twice', { what: doubled });
}
