/**
 * The whole path on real input, on this machine: list, plan, mails, letters, gifts, calls, money, evidence. Every stand-in
 * (mail server, print house, call centre) speaks the real protocol or file format and says that it is one.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { OperationOutput } from '../desk/operations.ts';
import { runWorkers } from '../desk/run-workers.ts';
import { addDays, toDay } from '../kernel/calendar.ts';
import { AppError } from '../kernel/errors.ts';
import type { Config } from '../platform/config.ts';
import { createLogger } from '../platform/log.ts';
import { removeEmbeddedData } from '../platform/postgres/embedded-server.ts';
import { approveDemo, obtainConsent } from './demo-approval.ts';
import { bundleDemo, closeDemo, decideTheRest } from './demo-end.ts';
import { printAndPost, returnSome } from './demo-letters.ts';
import { loadDemoList, makeDemoCampaign } from './demo-list.ts';
import { type MailAccount, sendDemoMails } from './demo-mails.ts';
import { answerCalls, settleMoney } from './demo-money.ts';
import { DEMO_CAMPAIGN as campaign, type DemoStage, type DemoVoice, demoFolders, openDemoStage } from './demo-stage.ts';
import { startMailCatcher } from './mail-catcher.ts';

export type DemoResult = {
  readonly campaign: string;
  readonly people: number;
  readonly accounting: OperationOutput<'show-status'>;
  readonly letters: {
    lots: number;
    pieces: number;
    posted: number;
    spoiled: number;
    withdrawn: number;
    returned: number;
    gifts: number;
  };
  readonly mails: MailAccount;
  readonly claim: OperationOutput<'compute-claim'>;
  /** Path of the insurer's bundle. */
  readonly bundle: string;
  readonly seconds: number;
};

const SWEEP_MS = 500;

/** Runs the demo below `out`, which must be new or empty. */
export async function runDemo(
  config: Config,
  input: { people: number; out: string; voice: DemoVoice },
): Promise<DemoResult> {
  const startedAt = performance.now();
  const root = resolve(input.out);
  if (existsSync(root) && readdirSync(root).length > 0) {
    throw new AppError('FOLDER_NOT_EMPTY.demo', { dir: root });
  }
  // Mails, letters and lists below it name people; a folder that stood there empty may have been open to others.
  mkdirSync(root, { recursive: true });
  chmodSync(root, 0o700);
  // As root the server's data lies outside: what an earlier demo in a folder of this name left there goes first.
  await removeEmbeddedData({ home: join(root, 'data'), log: createLogger('error') });
  const catcher = await startMailCatcher({ dir: demoFolders(root).mails });
  try {
    const stage = await openDemoStage(config, root, catcher.url, input.voice);
    try {
      const workers = await runWorkers(stage.app, { sweepMs: SWEEP_MS });
      try {
        return await play(stage, input.people, { catcher, startedAt });
      } finally {
        await workers.close();
      }
    } finally {
      await stage.app.close();
    }
  } finally {
    await catcher.close();
  }
}

/** From the first letters to the last call of the later letter wave: 21 days after the start, less a day. */
const LAST_CALL_DAYS = 17;

type Props = { catcher: Awaited<ReturnType<typeof startMailCatcher>>; startedAt: number };

async function play(stage: DemoStage, people: number, { catcher, startedAt }: Props): Promise<DemoResult> {
  const { desk, voice, clock } = stage;
  const chapter = (key: string) => voice.tell(`\n${voice.say(`demo.chapter.${key}`)}`);
  const opensOn = toDay(clock.now());

  chapter('list');
  await makeDemoCampaign(stage);
  const frozen = await loadDemoList(stage, people);
  chapter('plan');
  await approveDemo(stage, frozen.people);
  chapter('mails');
  const mails = await sendDemoMails(stage, catcher);
  chapter('letters');
  clock.skipDays(4);
  await printAndPost(stage);
  // The insurer has consented to fewer cards than letters: the others wait, and at their last call go without.
  clock.skipDays(LAST_CALL_DAYS);
  await printAndPost(stage);
  clock.skipDays(9);
  await returnSome(stage);
  chapter('gifts');
  await obtainConsent(stage, frozen.people);
  await printAndPost(stage);
  chapter('contacts');
  const answered = await answerCalls(stage, addDays(opensOn, 1));
  chapter('money');
  const claim = await settleMoney(stage, answered);
  chapter('end');
  // Past the date by which new addresses were looked for, whoever's letter came back waits for a decision.
  clock.skipDays(20);
  await printAndPost(stage);
  await decideTheRest(stage);
  await closeDemo(stage);
  const bundle = await bundleDemo(stage);

  return {
    campaign,
    people: frozen.people,
    accounting: await desk('show-status', { campaign }),
    letters: await countLetters(stage),
    mails,
    claim,
    bundle,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  };
}

async function countLetters({ desk }: DemoStage): Promise<DemoResult['letters']> {
  const { lots } = await desk('list-lots', { campaign });
  const { gifts } = await desk('list-gifts', { campaign });
  const sum = (pick: (lot: (typeof lots)[number]) => number) => lots.reduce((total, lot) => total + pick(lot), 0);
  return {
    lots: lots.length,
    pieces: sum((lot) => lot.manifest),
    posted: sum((lot) => lot.posted),
    spoiled: sum((lot) => lot.spoiled),
    withdrawn: sum((lot) => lot.withdrawn),
    returned: sum((lot) => lot.returned),
    gifts: gifts.reduce((total, gift) => total + gift.posted, 0),
  };
}
