/** Custody of the cards in stock: received, counted, lost. Each act bears two names, because cards are cash. */
import { campaignSpan } from '../../campaign/campaign-span.ts';
import { recordEvents } from '../../journal/record-fact.ts';
import { startOfDay, toDay } from '../../kernel/calendar.ts';
import { sha256Hex } from '../../kernel/canonical.ts';
import { AppError } from '../../kernel/errors.ts';
import { newRef } from '../../kernel/ids.ts';
import { acceptDay } from '../../kernel/outside-day.ts';
import type { App } from '../../platform/app.ts';
import { type Tx, transaction } from '../../platform/postgres/db.ts';
import {
  type GiftAccount,
  insertStockEvent,
  listGiftAccounts,
  type StockEventKind,
  takeFromStock,
} from './gift-store.ts';

export type CustodyInput = {
  campaignId: string;
  gift: string;
  quantity: number;
  /** Two different people's actor ids. */
  actorId: string;
  witnessId: string;
  /** When it is entered, and the day on which it happened; that day by default. */
  at: Date;
  day?: string;
  /** Number of the delivery note, which names no person; the same note is recorded once. */
  document?: string;
};

type StockApp = Pick<App, 'pool' | 'keys'>;

/** Cards came in. Returns the account; a delivery note that was already recorded changes nothing. Throws CUSTODY_INCOMPLETE. */
export async function receiveGifts(app: StockApp, input: CustodyInput): Promise<GiftAccount | null> {
  return await transaction(app.pool, async (tx) => {
    const ref = input.document ? documentRef(input) : newRef();
    const isNew = await recordAct(app, tx, input, { kind: 'received', ref, change: input.quantity });
    if (isNew) await takeFromStock(tx, input.campaignId, input.gift, -input.quantity);
    return await accountOf(tx, input);
  });
}

/**
 * Two people counted the stock. `quantity` is what they found; the difference to the books becomes an event, also when it is zero: a count is
 * evidence. Returns the difference (negative: cards are missing).
 */
export async function countGifts(
  app: StockApp,
  input: CustodyInput,
): Promise<{ difference: number; account: GiftAccount | null }> {
  return await transaction(app.pool, async (tx) => {
    // Taking nothing locks the row, so that no lot takes cards between reading the books and correcting them.
    await takeFromStock(tx, input.campaignId, input.gift, 0);
    const onHand = (await accountOf(tx, input))?.onHand ?? 0;
    const difference = input.quantity - onHand;
    await recordAct(app, tx, input, { kind: 'counted', ref: newRef(), change: difference });
    await takeFromStock(tx, input.campaignId, input.gift, -difference);
    return { difference, account: await accountOf(tx, input) };
  });
}

/** Cards of the stock are lost. Throws STOCK_SHORT when fewer are on hand. */
export async function loseGifts(app: StockApp, input: CustodyInput): Promise<GiftAccount | null> {
  return await transaction(app.pool, async (tx) => {
    if (!(await takeFromStock(tx, input.campaignId, input.gift, input.quantity))) {
      throw new AppError('STOCK_SHORT', { quantity: input.quantity, gift: input.gift });
    }
    await recordAct(app, tx, input, { kind: 'lost', ref: newRef(), change: -input.quantity });
    return await accountOf(tx, input);
  });
}

async function recordAct(
  app: StockApp,
  tx: Tx,
  input: CustodyInput,
  act: { kind: StockEventKind; ref: string; change: number },
): Promise<boolean> {
  if (input.actorId === input.witnessId) {
    throw new AppError('CUSTODY_INCOMPLETE');
  }
  const today = toDay(input.at);
  const happenedOn = acceptDay(input.day ?? today, {
    now: input.at,
    campaign: await campaignSpan(app, input.campaignId),
  });
  const recorded = await recordEvents(tx, {
    campaignId: input.campaignId,
    kind: act.kind === 'lost' ? 'gifts.lost' : act.kind === 'counted' ? 'gifts.counted' : 'gifts.received',
    occurredAt: happenedOn === today ? input.at : startOfDay(happenedOn),
    actorId: input.actorId,
    insert: (factId) =>
      insertStockEvent(
        tx,
        {
          campaignId: input.campaignId,
          ref: act.ref,
          gift: input.gift,
          kind: act.kind,
          cycle: 1,
          quantity: act.change,
          at: input.at,
          happenedOn,
          code: (input.document ?? '').slice(0, 60),
          actorId: input.actorId,
          witnessId: input.witnessId,
        },
        factId,
      ),
    describe: (rows) => ({
      events: rows.map((row) => [row.ref, row.kind, row.cycle, row.at.toISOString(), row.code]),
      lines: [],
      body: { gift: input.gift, change: act.change, found: input.quantity, witnessId: input.witnessId },
    }),
  });
  return recorded !== null;
}

async function accountOf(tx: Tx, input: CustodyInput): Promise<GiftAccount | null> {
  return (await listGiftAccounts(tx, input.campaignId)).find((account) => account.gift === input.gift) ?? null;
}

/** A stable reference for a delivery note, so that recording it twice is one event. */
function documentRef(input: CustodyInput): string {
  const hash = sha256Hex(`${input.campaignId}|${input.gift}|${input.document}`);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}
