/** Chapter two: previews, the insurer's consent, the publication, the cards, and the approval by two people. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureActor } from '../campaign/actors/ensure-actor.ts';
import { registerApprover } from '../campaign/actors/register-approver.ts';
import { recordConsent } from '../campaign/consents/record-consent.ts';
import { getCampaignFolderContent } from '../campaign/folder/campaign-folder.ts';
import { recordPublication } from '../campaign/publications/record-publication.ts';
import { receiveGifts } from '../delivery/gifts/record-stock.ts';
import { approveCampaign } from '../desk/approve-campaign.ts';
import { launchCampaign } from '../desk/launch-campaign.ts';
import { previewNotices } from '../desk/preview-notices.ts';
import { toDay } from '../kernel/calendar.ts';
import { sha256Hex } from '../kernel/canonical.ts';
import { AppError } from '../kernel/errors.ts';
import type { Language } from '../platform/language.ts';
import { type DemoStage, demoPeople } from './demo-stage.ts';

const GIFT = 'quo500';
const CARD_PRICE_YEN = 530;

/** Looks at the hardest people, approves with two passphrases and launches. */
export async function approveDemo(stage: DemoStage, people: number, language: Language): Promise<void> {
  const { app, voice, folders } = stage;
  const campaign = await stage.campaign();
  for (const { name, passphrase } of demoPeople.approvers) await registerApprover(app, { campaign, name, passphrase });
  const { file, notices } = await getCampaignFolderContent(folders.campaign);
  const { files } = await previewNotices(app, {
    campaign,
    texts: { file, notices: notices.map((notice) => ({ ...notice, file: notice.path })) },
    outDir: folders.preview,
  });
  voice.tell(voice.say('demo.previewed', { count: files.length, folder: folders.preview }));
  for (const { name, passphrase } of demoPeople.approvers) {
    const answer = await approveCampaign(app, { campaign, by: name, code: passphrase, language });
    if (answer.kind !== 'recorded') throw new AppError('DEMO_STUCK.approval', { answer: answer.kind });
    voice.tell(voice.say('demo.approved', { by: name, hash: answer.sha256.slice(0, 16), missing: answer.missing }));
  }
  await obtainConsent(stage, Math.max(1, Math.round(people * CONSENT_SHARE)));
  await receiveCards(stage, people);
  await publish(stage);
  const launched = await launchCampaign(app, { campaign: await stage.campaign(), by: demoPeople.approvers[0].name });
  if (launched.kind === 'refused')
    throw new AppError('DEMO_STUCK.launch', {
      reasons: launched.reasons.map((reason) => ({ word: `cli.refused.${reason}` })),
    });
}

/** At first the insurer consents to fewer cards than letters go out: the rest go without, and the gift follows. */
const CONSENT_SHARE = 0.12;

/** Records a consent to so many more cards. */
export async function obtainConsent(stage: DemoStage, cards: number): Promise<void> {
  const { app, voice } = stage;
  await recordConsent(app, {
    campaign: await stage.campaign(),
    category: 'CONDOLENCE',
    answer: 'granted',
    form: 'written',
    unitPriceCapYen: CARD_PRICE_YEN,
    quantityCap: cards,
    amountCapYen: cards * CARD_PRICE_YEN,
    answeredBy: demoPeople.insurer,
    documentSha256: await keepAnswer(stage, cards),
    by: demoPeople.riskManager,
  });
  voice.tell(voice.say('demo.consented', { cards, yen: CARD_PRICE_YEN }));
}

/** The insurer's answer as a document of the demo's: what the consent points at. Returns its SHA-256. */
async function keepAnswer({ folders, clock }: DemoStage, cards: number): Promise<string> {
  const text = `見舞品の送付について\n\nQUOカード ${cards} 枚を上限に、1枚 ${CARD_PRICE_YEN} 円までの送付に同意します。\n${toDay(clock.now())}\n`;
  await writeFile(join(folders.vendors, `insurer-consent-${cards}.txt`), text, { mode: 0o600 });
  return sha256Hex(text);
}

async function receiveCards(stage: DemoStage, quantity: number): Promise<void> {
  const { app } = stage;
  const campaign = await stage.campaign();
  const actor = (name: string) => ensureActor(app, app.pool, { campaignId: campaign.id, name });
  await receiveGifts(app, {
    campaignId: campaign.id,
    gift: GIFT,
    quantity,
    actorId: await actor(demoPeople.riskManager),
    witnessId: await actor(demoPeople.witness),
    at: app.clock(),
    document: 'DEMO-0001',
  });
}

async function publish(stage: DemoStage): Promise<void> {
  const { app } = stage;
  const page = 'https://www.tameshido.test/oshirase';
  await recordPublication(app, {
    campaign: await stage.campaign(),
    kind: 'first',
    url: page,
    documentSha256: sha256Hex(page),
    asOf: app.clock(),
  });
}
