/** The neutral cost categories: what every policy, rate, invoice, ledger entry and claim is sorted by. */

/** Every insurer's own list maps to them. The order is the one of claims and tables. */
export const costCategories = [
  'INITIAL_RESPONSE',
  'FORENSICS',
  'CONSULT_LEGAL',
  'PUBLIC_NOTICE',
  'NOTIFY_PRINT_MAIL',
  'NOTIFY_EMAIL',
  'CALL_CENTER',
  'OVERTIME',
  'TRAVEL',
  'CONDOLENCE',
  'CONDOLENCE_CORP',
  'CREDIT_MONITORING',
  'REGULATOR',
  'REPUTATION',
  'RESTORE',
  'PREVENT',
  'LITIGATION',
  'DAMAGES',
  'RECOURSE',
  'BI',
  'CARD_BRAND',
  'NOT_COVERED',
] as const;
export type CostCategory = (typeof costCategories)[number];
