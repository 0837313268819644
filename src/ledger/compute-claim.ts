/** The claim of a campaign: its recorded invoices, the insurer's consents and the adopted policy. Accruals are never claimed. */

import { listConsents } from '../campaign/consents/record-consent.ts';
import { getCampaign } from '../campaign/find-campaign.ts';
import { getPlanSnapshot } from '../campaign/plan/create-plan.ts';
import { findPolicy } from '../campaign/policy/adopt-policy.ts';
import type { PolicyFile } from '../campaign/policy/policy-terms.ts';
import type { GiftRecipient } from '../journal/driver.ts';
import { readLine } from '../journal/fact-line.ts';
import { listFacts } from '../journal/store.ts';
import { AppError } from '../kernel/errors.ts';
import type { SealedReader } from '../platform/app.ts';
import { type Claim, computePolicyClaim, type Heads } from './claim.ts';
import type { ClaimConsent, CostLine } from './eligible-cost.ts';
import {
  listInvoiceLineRows,
  listInvoiceRows,
  type RecordedInvoice,
  type RecordedInvoiceLine,
} from './invoice-store.ts';
import { sumPosted } from './sum-store.ts';

/** The claim as it stands now. Throws POLICY_MISSING before a plan (with its policy) was made. */
export async function computeClaim(app: SealedReader, { campaign }: { campaign: string }): Promise<Claim> {
  return await computeClaimWith(app, campaign, await requirePolicy(app, campaign), []);
}

/** The same costs under other terms: a draft of policy.yaml, or another insurer's offer. */
export async function computeClaimUnder(
  app: SealedReader,
  { campaign, policy }: { campaign: string; policy: PolicyFile },
): Promise<Claim> {
  return await computeClaimWith(app, campaign, policy, []);
}

async function requirePolicy(app: Pick<SealedReader, 'pool'>, campaign: string): Promise<PolicyFile> {
  const found = await findPolicy(app.pool, campaign);
  if (found !== null) return found.policy;
  throw new AppError('POLICY_MISSING');
}

async function computeClaimWith(
  app: SealedReader,
  campaign: string,
  policy: PolicyFile,
  accruals: readonly CostLine[],
): Promise<Claim> {
  const invoiced = await listInvoiceLineRows(app.pool, campaign);
  const consents = await listConsents(app.pool, campaign);
  return computePolicyClaim({
    policy,
    lines: [...invoiced.map(toCostLine), ...accruals],
    consents: consents.map(toClaimConsent),
    heads: await countHeads(app, campaign),
    discoveredOn: await findDiscoveryDay(app, campaign),
  });
}

function toCostLine(line: RecordedInvoiceLine): CostLine {
  return {
    category: line.category,
    serviceDate: line.serviceDate,
    vendor: line.vendor,
    quantity: line.quantity,
    grossYen: BigInt(line.grossYen),
    taxYen: BigInt(line.taxYen),
    isFee: line.isFee,
    isCounted: line.driver !== null || line.rateId !== null,
  };
}

/**
 * What the claim will be when everything that events have caused so far is billed at the adopted rates: recorded invoices plus open
 * accruals. A forecast, never a claim. Throws POLICY_MISSING.
 */
export async function forecastClaim(app: SealedReader, { campaign }: { campaign: string }): Promise<Claim> {
  const open = new Map<string, CostLine>();
  for (const sum of await sumPosted(app.pool, campaign)) {
    const key = `${sum.rateId}|${sum.category}`;
    const before = open.get(key);
    open.set(key, {
      category: sum.category,
      serviceDate: null,
      vendor: null,
      quantity: (before?.quantity ?? 0n) + sum.quantity,
      grossYen: (before?.grossYen ?? 0n) + sum.money.gross,
      taxYen: (before?.taxYen ?? 0n) + sum.money.tax,
      isFee: false,
      isCounted: true,
    });
  }
  const accruals = [...open.values()].filter((line) => line.grossYen > 0n);
  return await computeClaimWith(app, campaign, await requirePolicy(app, campaign), accruals);
}

function toClaimConsent(consent: Awaited<ReturnType<typeof listConsents>>[number]): ClaimConsent {
  const cap = (value: number | null) => (value === null ? null : BigInt(value));
  return {
    category: consent.category,
    vendor: consent.vendor,
    answer: consent.answer,
    form: consent.form,
    validTo: consent.validTo,
    unitPriceCapYen: cap(consent.unitPriceCapYen),
    quantityCap: cap(consent.quantityCap),
    amountCapYen: cap(consent.amountCapYen),
  };
}

/**
 * Heads by which a cap counts. Who got a card counts, a person or a corporation: posted, less returned, so a reissue is one head.
 * Records are not journalled; persons stand in for them, which never claims too much.
 */
async function countHeads(app: Pick<SealedReader, 'pool'>, campaign: string): Promise<Heads> {
  const count: Record<GiftRecipient, bigint> = { person: 0n, corporation: 0n };
  for (const fact of await listFacts(app.pool, campaign)) {
    for (const line of fact.lines) {
      const read = readLine(line);
      if (read?.driver === 'gift.posted') count[read.attributes.recipient] += BigInt(read.count);
      // A returned gift is written with a negative or a positive count; either way it is one head less.
      if (read?.driver === 'gift.returned') count[read.attributes.recipient] -= BigInt(Math.abs(read.count));
    }
  }
  const atLeastNone = (heads: bigint) => (heads > 0n ? heads : 0n);
  const persons = atLeastNone(count.person);
  return { PERSON: persons, ADDRESSEE: persons, RECORD: null, CORPORATION: atLeastNone(count.corporation) };
}

/** The day on which the incident was known, from the plan that runs; null before there is one. */
async function findDiscoveryDay(app: SealedReader, campaign: string): Promise<string | null> {
  const { planId } = await getCampaign(app.pool, campaign);
  if (planId === null) return null;
  const snapshot = await getPlanSnapshot(app, planId);
  return snapshot.campaignFile.incident.knownAt.slice(0, 10);
}

/** Invoices with their lines as recorded, for bundles and lists. */
export async function listInvoices(
  app: Pick<SealedReader, 'pool'>,
  campaign: string,
): Promise<(RecordedInvoice & { readonly lines: readonly RecordedInvoiceLine[] })[]> {
  const lines = await listInvoiceLineRows(app.pool, campaign);
  const heads = await listInvoiceRows(app.pool, campaign);
  return heads.map((head) => ({
    ...head,
    lines: lines.filter((line) => line.invoiceId === head.id).sort((a, b) => a.lineNo - b.lineNo),
  }));
}
