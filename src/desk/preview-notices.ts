// Writes the e-mail and the letter of chosen people as files, rendered and typeset by the very functions that send them. The folder holds
// personal data and is for its maker's eyes: owner-only, no file is named after anyone, and whose data was opened is on record.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Campaign } from '../campaign/campaign.ts';
import type { CampaignFile } from '../campaign/folder/campaign-file.ts';
import { findSegment } from '../campaign/wave/segment.ts';
import { addressBehindTown } from '../delivery/letters/address-behind-town.ts';
import { STOCK_FORMAT } from '../delivery/letters/letter-format.ts';
import { typesetLot } from '../delivery/letters/typeset-lot.ts';
import { recordViews } from '../evidence/story/record-view.ts';
import { getPeople } from '../intake/get-people.ts';
import { listMembers } from '../intake/list/list-members.ts';
import { toDay } from '../kernel/calendar.ts';
import { AppError, errorCodeOf } from '../kernel/errors.ts';
import { assertCleanOutput } from '../notice/clean-output.ts';
import { createHardestPeople, type HardChoice, type HardPerson, samplePeople } from '../notice/hardest-people.ts';
import type { LetterText } from '../notice/letter-text.ts';
import { noticeContext } from '../notice/notice-context.ts';
import { type NoticePerson, noticePerson } from '../notice/notice-person.ts';
import { compileNotice } from '../notice/read-notice.ts';
import { type RenderedEmail, renderEmail } from '../notice/render-email.ts';
import { letterShape, renderLetter } from '../notice/render-letter.ts';
import { listNotices } from '../notice/store.ts';
import type { App } from '../platform/app.ts';
import { buildMailMessage } from '../platform/smtp/mail-message.ts';
import { say } from '../platform/words.ts';

export type PreviewTexts = {
  file: CampaignFile;
  notices: readonly { file: string; variant: string; language: string; text: string }[];
};

export type PreviewInput = {
  campaign: Campaign;
  texts: PreviewTexts;
  outDir: string;
  /** One person; without it the hardest of the list, or made-up ones before there is a list. */
  ref?: string;
  /** Name of the person who looks; null or absent: the operator of this machine. */
  by?: string | null;
  onProgress?: (done: number, total: number) => void;
};

/** `skipped` says in English why something could not be written; it names no one. */
export type PreviewResult = { files: string[]; people: 'person' | 'list' | 'samples'; skipped: string[] };

type PreviewApp = Pick<App, 'pool' | 'keys' | 'clock'>;
type Choice = HardChoice<HardPerson> | { reason: 'person'; person: HardPerson };

/** People of the list who are opened to find the hardest; a larger list is sampled from its random order. */
const SCAN_LIMIT = 20_000;
const SCAN_BATCH = 1_000;
/** A number that was never issued: its check digit is wrong on purpose. */
const SAMPLE_NUMBER = '000000000000';

/** Writes `.eml`, `.html`, `.txt` and `.pdf` per person into `outDir`, which is made when missing. */
export async function previewNotices(app: PreviewApp, input: PreviewInput): Promise<PreviewResult> {
  const { people, choices } = await choosePeople(app, input);
  const refs = people === 'samples' ? [] : choices.map((choice) => choice.person.ref);
  await recordViews(app, { campaignId: input.campaign.id, refs, shown: 'notice', by: input.by ?? null });
  await mkdir(input.outDir, { recursive: true, mode: 0o700 });
  const files: string[] = [];
  const skipped: string[] = [];
  for (const [index, choice] of choices.entries()) {
    const name = `${String(index + 1).padStart(2, '0')}-${choice.reason}`;
    const outcome = await previewPerson(app, input, choice, name);
    skipped.push(...outcome.skipped.map((reason) => `${name}: ${reason}`));
    for (const [ending, bytes] of outcome.files) {
      const path = join(input.outDir, `${name}.${ending}`);
      await writeFile(path, bytes, { mode: 0o600 });
      files.push(path);
    }
    input.onProgress?.(index + 1, choices.length);
  }
  return { files, people, skipped };
}

async function choosePeople(
  app: PreviewApp,
  input: PreviewInput,
): Promise<{ people: PreviewResult['people']; choices: Choice[] }> {
  const { campaign, ref, texts } = input;
  if (ref !== undefined) {
    const person = (await getPeople(app, campaign, [ref])).get(ref);
    if (!person) throw new AppError('PERSON_MISSING', 'the list has no such person');
    return { people: 'person', choices: [{ reason: 'person', person }] };
  }
  const hardest = createHardestPeople<HardPerson>(toDay(app.clock()));
  if (campaign.listVersion === null) {
    for (const person of samplePeople(texts.file)) hardest.look(person);
    return { people: 'samples', choices: hardest.choices() };
  }
  for (let seen = 0, afterRank = -1; seen < SCAN_LIMIT; ) {
    const members = await listMembers(app.pool, campaign.id, campaign.listVersion, { afterRank, limit: SCAN_BATCH });
    const records = await getPeople(
      app,
      campaign,
      members.map((member) => member.ref),
      { version: campaign.listVersion },
    );
    for (const record of records.values()) hardest.look(record);
    seen += members.length;
    afterRank = members.at(-1)?.rank ?? afterRank;
    if (members.length < SCAN_BATCH) break;
  }
  return { people: 'list', choices: hardest.choices() };
}

type Files = [ending: string, bytes: string | Uint8Array][];

async function previewPerson(
  app: PreviewApp,
  input: PreviewInput,
  choice: Choice,
  name: string,
): Promise<{ files: Files; skipped: string[] }> {
  const { file, notices } = input.texts;
  const record = choice.person;
  const segment = findSegment(file, {
    kind: record.kind as Parameters<typeof findSegment>[1]['kind'],
    flags: record.flags as Parameters<typeof findSegment>[1]['flags'],
    leakedItems: record.leakedItems,
    hasEmail: record.email !== undefined,
    hasAddress: record.address.length > 0,
  });
  if (!segment) return { files: [], skipped: ['no segment fits this person, who would be undecided'] };
  const text = notices.find((notice) => notice.variant === segment.variant && notice.language === file.language);
  if (!text) return { files: [], skipped: [`there is no text ${segment.variant}.${file.language}.md`] };
  const sentOn = toDay(app.clock());
  const wave = file.waves.find((found) => found.segments.includes(segment.id) && found.gift);
  const gift = file.gifts.find((found) => found.id === wave?.gift);
  const compiled = compileNotice({ ...text, language: file.language });
  const context = noticeContext(compiled, file, { sentOn, gift });
  const issued = (await listNotices(app.pool, input.campaign.id, record.ref)).at(-1);
  const person = noticePerson(record, {
    language: file.language,
    number: issued?.number ?? SAMPLE_NUMBER,
    items: file.incident.items,
    sentOn,
    gift: gift !== undefined,
  });
  const email = renderEmail(compiled, person, context);
  try {
    assertCleanOutput(email, person);
  } catch (error) {
    if (errorCodeOf(error) === 'NOTICE_UNSAFE') return { files: [], skipped: [(error as Error).message] };
    throw error;
  }
  const letter = await previewLetter(
    file,
    record,
    person,
    renderLetter(compiled, context, letterShape(person)),
    sentOn,
  );
  return { files: [...emailFiles(app, file, record, email, name), ...letter.files], skipped: letter.skipped };
}

async function previewLetter(
  file: CampaignFile,
  record: HardPerson,
  person: NoticePerson,
  text: LetterText,
  sentOn: string,
): Promise<{ files: Files; skipped: string[] }> {
  const letter = await typesetLot({
    lotNumber: 0,
    title: `${file.id} preview`,
    createdAt: `${sentOn}T00:00:00Z`,
    language: file.language,
    format: STOCK_FORMAT,
    controlCaption: say(file.language, 'letters.controlCaption'),
    substitutes: file.characters.substitutes,
    texts: [text],
    pieces: [letterPiece(record, person)],
  });
  const [piece] = letter.pieces;
  if (piece?.kind === 'set') return { files: [['pdf', letter.pdf]], skipped: [] };
  return { files: [], skipped: [`the letter cannot be printed (${piece?.reason ?? 'nothing to print'})`] };
}

function emailFiles(
  app: PreviewApp,
  file: CampaignFile,
  record: HardPerson,
  email: RenderedEmail,
  name: string,
): Files {
  const plain: Files = [
    ['html', email.html],
    ['txt', `${email.subject}\n\n${email.text}`],
  ];
  if (record.email === undefined) return plain;
  const { from, fromName, replyTo } = file.sender.email;
  const message = buildMailMessage({
    from: { address: from, ...(fromName === undefined ? {} : { name: fromName }) },
    ...(replyTo === undefined ? {} : { replyTo: { address: replyTo } }),
    to: { address: record.email },
    ...email,
    messageId: `<preview-${name}@${file.sender.email.returnDomain}>`,
    date: app.clock(),
    language: file.language,
  });
  return [['eml', message], ...plain];
}

function letterPiece(record: HardPerson, person: NoticePerson) {
  const postcode = record.postcode?.replace(/\D/g, '');
  return {
    seq: 1,
    number: person.number.replaceAll('-', ''),
    text: 0,
    values: person,
    postcode: postcode ? `${postcode.slice(0, 3)}-${postcode.slice(3)}` : undefined,
    address: [...record.address],
    barcodeAddress: postcode ? addressBehindTown(postcode, record.address) : null,
  };
}
