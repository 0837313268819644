// Writes every notice that chosen people may get as a file, composed and typeset by the sender's own functions, once per channel and with
// and without the card. The folder holds personal data and is for its maker's eyes: owner-only, no file is named after anyone, and whose
// data was opened is on record.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Campaign } from '../../campaign/campaign.ts';
import type { CampaignFile, Gift, Wave } from '../../campaign/folder/campaign-file.ts';
import type { PlanSnapshot } from '../../campaign/plan/plan.ts';
import { channelTable, type Medium } from '../../campaign/wave/channel.ts';
import type { HandlingFlag, PersonKind } from '../../campaign/wave/person-kind.ts';
import { giftOf, textOf, wavesOf } from '../../campaign/wave/wave.ts';
import { lotInput } from '../../delivery/letters/lot-input.ts';
import { typesetLot } from '../../delivery/letters/typeset-lot.ts';
import { compileMailText, composeMail, mailSenderOf } from '../../delivery/mail/compose-mail.ts';
import { getPeople } from '../../intake/get-people.ts';
import { listMembers } from '../../intake/list/list-members.ts';
import { toDay } from '../../kernel/calendar.ts';
import { sha256Hex } from '../../kernel/canonical.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Wording } from '../../kernel/wording.ts';
import { createHardestPeople, type HardChoice, type HardPerson, samplePeople } from '../../notice/hardest-people.ts';
import { listNotices } from '../../notice/store.ts';
import type { App } from '../../platform/app.ts';
import { buildMailMessage } from '../../platform/smtp/mail-message.ts';

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
  /** Puts on record whose data is opened, before any of it is written. */
  concerns?: (refs: readonly string[]) => Promise<void>;
  onProgress?: (done: number, total: number) => void;
};

/** `skipped` says why something could not be written; it names no one. */
export type PreviewResult = { files: string[]; people: 'person' | 'list' | 'samples'; skipped: Wording[] };

type PreviewApp = Pick<App, 'pool' | 'keys' | 'clock'>;
type Choice = HardChoice<HardPerson> | { reason: 'person'; person: HardPerson };

/** People of the list who are opened to find the hardest; a larger list is sampled from its random order. */
const SCAN_LIMIT = 20_000;
const SCAN_BATCH = 1_000;
/** A number that was never issued: its check digit is wrong on purpose. */
const SAMPLE_NUMBER = '000000000000';

/** Writes `.eml`, `.html` and `.txt` per mail and `.pdf` per letter of each person into `outDir`, which is made when missing. */
export async function previewNotices(app: PreviewApp, input: PreviewInput): Promise<PreviewResult> {
  const { people, choices } = await choosePeople(app, input);
  const refs = people === 'samples' ? [] : choices.map((choice) => choice.person.ref);
  await input.concerns?.(refs);
  await mkdir(input.outDir, { recursive: true, mode: 0o700 });
  const files: string[] = [];
  const skipped: Wording[] = [];
  for (const [index, choice] of choices.entries()) {
    const name = `${String(index + 1).padStart(2, '0')}-${choice.reason}`;
    const outcome = await previewPerson(app, input, choice, name);
    skipped.push(...outcome.skipped.map((why) => ({ word: 'preview.skipped', params: { what: name, why } })));
    for (const file of outcome.files) {
      const path = join(input.outDir, file.name);
      await writeFile(path, file.bytes, { mode: 0o600 });
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
    if (!person) throw new AppError('PERSON_MISSING.list');
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

type NamedFile = { name: string; bytes: string | Uint8Array };
type PersonPreview = { files: NamedFile[]; skipped: Wording[] };
/** One notice that the person may get. */
type Use = { wave: Wave; variant: string; language: CampaignFile['language']; gift: Gift | null };
type Texts = Pick<PlanSnapshot, 'campaignFile' | 'notices'>;
type Reader = { record: HardPerson; number: string; sentOn: string };

async function previewPerson(
  app: PreviewApp,
  input: PreviewInput,
  choice: Choice,
  name: string,
): Promise<PersonPreview> {
  const { file } = input.texts;
  const record = choice.person;
  const uses = listUses(file, record);
  if (uses === null) return { files: [], skipped: [{ word: 'preview.skip.noSegment' }] };
  const issued = await listNotices(app.pool, input.campaign.id, record.ref);
  const sentOn = toDay(app.clock());
  const texts = {
    campaignFile: file,
    notices: input.texts.notices.map((notice) => ({ ...notice, sha256: sha256Hex(notice.text) })),
  };
  const preview: PersonPreview = { files: [], skipped: [] };
  for (const use of uses) {
    const number = issued.find((notice) => notice.waveId === use.wave.id)?.number ?? SAMPLE_NUMBER;
    const reader = { record, number, sentOn };
    const one = await previewers[channelTable[use.wave.channel].medium](app, texts, use, reader);
    const part = `${name}.${use.wave.id}${use.gift === null ? '' : '.gift'}`;
    if (!Array.isArray(one)) preview.skipped.push({ word: 'preview.skipped', params: { what: use.wave.id, why: one } });
    else preview.files.push(...one.map(([ending, bytes]) => ({ name: `${part}.${ending}`, bytes })));
  }
  return preview;
}

/** Every notice the person may get, by the list or because somebody names them, each with and without its card; null when no segment fits. */
function listUses(file: CampaignFile, record: HardPerson): Use[] | null {
  const { segment, first, takeovers, followUps, named } = wavesOf(file, {
    kind: record.kind as PersonKind,
    flags: record.flags as readonly HandlingFlag[],
    leakedItems: record.leakedItems,
    hasEmail: record.email !== undefined,
    hasAddress: record.address.length > 0,
  });
  if (!segment) return null;
  return [...first, ...takeovers, ...followUps, ...named].flatMap((wave): Use[] => {
    const text = textOf(file, wave, segment);
    const gift = giftOf(file, wave);
    const without = channelTable[wave.channel].gift === 'must' ? [] : [{ wave, ...text, gift: null }];
    return gift === null ? without : [...without, { wave, ...text, gift }];
  });
}

type Endings = [ending: string, bytes: string | Uint8Array][];

/** What the person would get, by file ending, or why nothing leaves. */
const previewers = {
  email: async (app, texts, use, reader) => previewMail(app, texts, use, reader),
  letter: async (_app, texts, use, reader) => await previewLetter(texts, use, reader),
} satisfies Record<
  Medium,
  (app: PreviewApp, texts: Texts, use: Use, reader: Reader) => Promise<ReturnType<typeof previewMail>>
>;

function noText({ variant, language }: Use): Wording {
  return { word: 'preview.skip.noText', params: { file: `notice/${variant}.${language}.md` } };
}

/** The mail as the sender's composer makes it, or why it would be stopped. */
function previewMail(
  app: PreviewApp,
  { campaignFile: file, notices }: Texts,
  use: Use,
  reader: Reader,
): Endings | Wording {
  const source = notices.find(({ variant, language }) => variant === use.variant && language === use.language);
  const { email } = reader.record;
  if (!source) return noText(use);
  if (email === undefined) return { word: 'preview.skip.noEmail' };
  const { from, replyTo, returnDomain } = mailSenderOf(file);
  const text = compileMailText(file, { ...use, text: source.text }, reader.sentOn);
  const mail = composeMail(
    { file, sentOn: reader.sentOn, text },
    { ...reader.record, email },
    { ...use, number: reader.number },
  );
  if (mail.kind === 'blocked') return { word: 'preview.skip.blocked', params: { code: mail.code } };
  const message = buildMailMessage({
    ...mail,
    from,
    ...(replyTo === undefined ? {} : { replyTo }),
    messageId: `<preview-${use.wave.id}@${returnDomain}>`,
    date: app.clock(),
  });
  return [
    ['eml', message],
    ['html', mail.html],
    ['txt', `${mail.subject}\n\n${mail.text}`],
  ];
}

/** The letter as a lot of one piece, or why it would be held back. */
async function previewLetter(texts: Texts, use: Use, { record, number, sentOn }: Reader): Promise<Endings | Wording> {
  if (!texts.notices.some(({ variant, language }) => variant === use.variant && language === use.language))
    return noText(use);
  const { input } = lotInput({
    slug: texts.campaignFile.id,
    lot: { number: 0, gift: use.gift?.id ?? null, letterDate: sentOn, formedAt: new Date(`${sentOn}T00:00:00Z`) },
    pieces: [{ id: 'preview', seq: 1, personRef: record.ref, noticeNumber: number, hasGift: use.gift !== null }],
    snapshot: texts,
    people: new Map([[record.ref, record]]),
    notices: new Map([[number, { variant: use.variant, language: use.language }]]),
  });
  if (input.pieces.length === 0) return { word: 'preview.skip.blocked', params: { code: 'NOTICE_UNSAFE' } };
  const letter = await typesetLot(input);
  const [piece] = letter.pieces;
  if (piece?.kind === 'set') return [['pdf', letter.pdf]];
  return { word: 'preview.skip.unprintable', params: { reason: piece?.reason ?? '-' } };
}
