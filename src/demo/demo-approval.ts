/** Chapter two: previews, the insurer's consent, the publication, the cards, and the approval by two people. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toDay } from '../kernel/calendar.ts';
import { AppError } from '../kernel/errors.ts';
import { DEMO_CAMPAIGN as campaign, type DemoStage, demoPeople } from './demo-stage.ts';

const GIFT = 'quo500';
const CARD_PRICE_YEN = 530;

/** Looks at the hardest people, approves with two passphrases and launches. */
export async function approveDemo(stage: DemoStage, people: number): Promise<void> {
  const { desk, voice, folders } = stage;
  for (const { name, passphrase } of demoPeople.approvers)
    await desk('register-approver', { campaign, name, passphrase });
  const { files } = await desk('preview-notices', { campaign, out: folders.preview, by: demoPeople.riskManager });
  voice.tell(voice.say('demo.previewed', { count: files.length, folder: folders.preview }));
  for (const { name, passphrase } of demoPeople.approvers) {
    const { plan, missing, refused } = await desk('approve-plan', { campaign, by: name, code: passphrase });
    if (plan === null || missing === null) throw new AppError('DEMO_STUCK.approval', { answer: refused ?? '-' });
    voice.tell(voice.say('demo.approved', { by: name, hash: plan.slice(0, 16), missing }));
  }
  await obtainConsent(stage, Math.max(1, Math.round(people * CONSENT_SHARE)));
  await receiveCards(stage, people);
  await publish(stage);
  const { refused } = await desk('launch-campaign', { campaign, by: demoPeople.approvers[0].name });
  if (refused !== undefined)
    throw new AppError('DEMO_STUCK.launch', { reasons: refused.map((reason) => ({ word: `cli.refused.${reason}` })) });
}

/** At first the insurer consents to fewer cards than letters go out: the rest go without, and the gift follows. */
const CONSENT_SHARE = 0.12;

/** Records a consent to so many more cards. */
export async function obtainConsent(stage: DemoStage, cards: number): Promise<void> {
  const { desk, voice } = stage;
  await desk('record-consent', {
    campaign,
    category: 'CONDOLENCE',
    answer: 'granted',
    form: 'written',
    unitPrice: CARD_PRICE_YEN,
    quantity: cards,
    amount: cards * CARD_PRICE_YEN,
    answeredBy: demoPeople.insurer,
    document: await keepAnswer(stage, cards),
    by: demoPeople.riskManager,
  });
  voice.tell(voice.say('demo.consented', { cards, yen: CARD_PRICE_YEN }));
}

/** The insurer's answer as a document of the demo's: what the consent points at. Returns its path. */
async function keepAnswer({ folders, clock }: DemoStage, cards: number): Promise<string> {
  const path = join(folders.vendors, `insurer-consent-${cards}.txt`);
  const text = `見舞品の送付について\n\nQUOカード ${cards} 枚を上限に、1枚 ${CARD_PRICE_YEN} 円までの送付に同意します。\n${toDay(clock.now())}\n`;
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

async function receiveCards({ desk }: DemoStage, quantity: number): Promise<void> {
  const { riskManager: by, witness: and } = demoPeople;
  await desk('receive-gifts', { campaign, gift: GIFT, quantity, by, and, document: 'DEMO-0001' });
}

async function publish({ desk, folders, clock }: DemoStage): Promise<void> {
  const document = join(folders.vendors, 'publication.txt');
  const text = `個人情報の漏えいに関するお詫びとお知らせ（見本）\n${toDay(clock.now())}\n`;
  await writeFile(document, text, { mode: 0o600 });
  await desk('record-publication', {
    campaign,
    kind: 'first',
    url: 'https://www.tameshido.test/oshirase',
    document,
    by: demoPeople.riskManager,
  });
}
