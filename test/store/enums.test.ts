// An enumeration is written once: what the database accepts is what the program's own list says, and no list in SQL stands alone unseen.
import { expect, it } from 'vitest';
import { approvalProofs } from '../../src/campaign/approvals/store.ts';
import { campaignStates } from '../../src/campaign/campaign-state.ts';
import { consentAnswers, consentForms } from '../../src/campaign/consents/consent.ts';
import { homeReasons } from '../../src/campaign/home/home-verdict.ts';
import { publicationKinds } from '../../src/campaign/publications/publication.ts';
import { channels } from '../../src/campaign/wave/channel.ts';
import { noticePurposes } from '../../src/campaign/wave/purpose.ts';
import { listAnswers } from '../../src/contacts/contact.ts';
import { termOfState } from '../../src/delivery/assignment.ts';
import { giftStates, stockEventKinds } from '../../src/delivery/gifts/gift-store.ts';
import { lineVerdicts, vendorFileKinds } from '../../src/delivery/letters/line-store.ts';
import { pieceEventKinds } from '../../src/delivery/letters/piece-store.ts';
import { mailEventKinds } from '../../src/delivery/mail/mail-state.ts';
import { personTerms } from '../../src/delivery/outcome.ts';
import { auditKinds } from '../../src/desk/audit/audit-event.ts';
import { doors } from '../../src/desk/operation.ts';
import { audiences } from '../../src/evidence/verify/audience.ts';
import { mergeRules } from '../../src/intake/match/duplicate.ts';
import { postalServices } from '../../src/journal/driver.ts';
import { entryKinds } from '../../src/journal/entry.ts';
import { statementSides } from '../../src/ledger/statement.ts';
import { languages } from '../../src/platform/language.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

/** Columns whose values a list of the program names. */
const lists: Readonly<Record<string, readonly string[]>> = {
  'campaign.approval.proof': approvalProofs,
  'campaign.campaign.state': campaignStates,
  'campaign.consent.answer': consentAnswers,
  'campaign.consent.form': consentForms,
  'campaign.consent_event.kind': [...consentAnswers, 'held', 'released'],
  'campaign.publication.kind': publicationKinds,
  'campaign.sending_home.suspended': homeReasons,
  'contacts.contact.answer': listAnswers,
  'delivery.assignment.state': Object.keys(termOfState),
  'delivery.gift.state': giftStates,
  'delivery.gift_event.kind': giftStates,
  'delivery.gift_stock_event.kind': stockEventKinds,
  'delivery.line_question.kind': vendorFileKinds,
  'delivery.line_settlement.verdict': lineVerdicts,
  'delivery.lot_tally.kind': [...pieceEventKinds, 'reprinted'],
  'delivery.mail_event.kind': mailEventKinds,
  'delivery.person.term': personTerms,
  'delivery.piece.service': postalServices,
  'delivery.piece_event.kind': pieceEventKinds,
  'delivery.vendor_file.kind': vendorFileKinds,
  'delivery.wave.channel': channels,
  'delivery.wave.purpose': noticePurposes,
  'desk.audit_event.door': doors,
  'desk.audit_event.kind': auditKinds,
  'evidence.bundle.audience': audiences,
  'intake.record.merge_rule': mergeRules,
  'ledger.entry.kind': entryKinds,
  'ledger.entry_tally.side': statementSides,
  'notice.notice.language': languages,
  'notice.notice.purpose': noticePurposes,
};

/** Words that only one statement each writes and reads: the constraint is their home. */
const onlyInSql = [
  'contacts.case.kind',
  'contacts.case_event.kind',
  'delivery.chunk.state',
  'delivery.person_event.kind',
  'intake.import.state',
  'intake.row_event.kind',
];

it('has the same words in the constraint of a column and in the list of the program', async () => {
  const found = await database.pool.query<{ name: string; definition: string }>(
    `select n.nspname || '.' || c.relname || '.' || a.attname as name, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
     where k.contype = 'c' and cardinality(k.conkey) = 1 and pg_get_constraintdef(k.oid) like '%= ANY (ARRAY[%'`,
  );
  const accepted = new Map(
    found.rows.map(({ name, definition }) => [
      name,
      [...definition.matchAll(/'([^']+)'::text/g)].map(([, word]) => word),
    ]),
  );
  expect([...accepted.keys()].sort()).toEqual([...Object.keys(lists), ...onlyInSql].sort());
  for (const [name, words] of Object.entries(lists)) {
    expect([name, [...(accepted.get(name) ?? [])].sort()]).toEqual([name, [...words].sort()]);
  }
});
