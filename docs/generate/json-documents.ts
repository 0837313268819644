/**
 * The documents of `--json` that scripts outside the project rely on: they may gain fields, never lose these. A key is a
 * command, or several with one document; `reference.json.<command>` of the word catalogue says what the fields mean.
 */
export const jsonDocuments: Readonly<Record<string, string>> = {
  demo: '{campaign, people, accounting, letters, mails, claim, bundle, seconds}',
  check: '{ok, problems: [{file, line, path, message}]}',
  import: '{rows, people, merged, rejected, report, duplicateOf}',
  freeze: '{version, people, sha256}',
  preview: '{files}',
  approve: '{plan, approved, missing}',
  launch: '{state}',
  pause: '{state}',
  resume: '{state}',
  stop: '{state}',
  close: '{state}',
  status: `{state, roster: {rows, people, merged, rejected, open},
 waves: [{id, channel, total, handedOver, failed, excluded, uncertain, pending}],
 persons: {total, told, underway, substitute, excluded, undecided}, balanced,
 unpriced: [{driver, attributes, count, what, en}]}`,
  settle: '{settled, left}',
  'mail-event': '[{file, events: [{kind, recipient, hard, status, replyCode, reason}]}]',
  ledger: '{entries, total, unpriced: [{driver, attributes, count, what, en}]}',
  claim: `{categories: [{category, label, incurred, eligible, payable, uncovered, reasons: [{code, yen}]}],
 total: {incurred, eligible, payable, uncovered}, unpriced}`,
  estimate: '{lines: [{what, category, label, yen, priorApproval}], incurred, payableNow, payableIfConsented}',
  bundle: '{file, sha256, files}',
  verify: '{ok, problems}',
};
