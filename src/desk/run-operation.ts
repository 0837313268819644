/**
 * The one way in. Checks the right, opens the campaign, validates both ends, writes the audit entry and honours an
 * idempotency key, in the same way for every operation and every door (mechanism 14).
 */
import type { z } from 'zod';
import { ensureActor } from '../campaign/actors/ensure-actor.ts';
import { findCampaign } from '../campaign/find-campaign.ts';
import { AppError, errorCodeOf } from '../kernel/errors.ts';
import type { App } from '../platform/app.ts';
import type { Language } from '../platform/language.ts';
import { answerOnce } from './answers/answer-once.ts';
import { type AuditNotes, openAudit } from './audit/note-audit.ts';
import { inputFaults, type NameOf } from './input-faults.ts';
import { type OpenedCampaign, openCampaign } from './open-campaign.ts';
import type { Caller, Operation, OperationEntry, OperationKind } from './operation.ts';
import {
  type LocalOperation,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  operations,
} from './operations.ts';
import { refusalOf } from './refusal.ts';
import { hasRight } from './rights.ts';

export type CallOptions = {
  readonly language?: Language;
  readonly progress?: (label: string, done: number, total: number) => void;
  /** Idempotency key: the same request under it is done once. For writes of a campaign. */
  readonly key?: string;
  readonly nameOf?: NameOf;
};

/** What a door hands over before anything of it was checked: the right keys, any values. */
export type RawInput<N extends OperationName> = { readonly [K in keyof OperationInput<N>]?: unknown };

type Loaded = Operation<OperationKind, z.ZodType, z.ZodType>;

/** Throws RIGHT_MISSING, USAGE_WRONG with every faulty field, CAMPAIGN_MISSING and what the operation throws. */
export async function runOperation<N extends OperationName>(
  app: App,
  caller: Caller,
  name: N,
  input: RawInput<N>,
  options: CallOptions = {},
): Promise<OperationOutput<N>> {
  const entry: OperationEntry = operations[name];
  const { campaign: named, ...own } = input as Record<string, unknown>;
  if (!hasRight(caller.role, entry.right)) throw await refuse(app, caller, name, named);
  const operation: Loaded = (await entry.load()).operation;
  const inCampaign = entry.kind === 'read' || entry.kind === 'write';
  const given = parseInput(operation, inCampaign ? own : input, options);
  const opened = inCampaign ? await openNamed(app, caller, named, options) : null;
  const audit = await openAudit(app, {
    caller,
    operation: name,
    campaign: opened?.campaign ?? null,
    by: caller.name ?? byOf(given),
  });
  const work = async () =>
    parseOutput(operation, name, await operation.run(contextOf(app, opened, audit, options), given));
  const audited = async () => await runAudited(entry, audit, work, isDryRun(given));
  if (options.key === undefined || entry.kind !== 'write' || opened === null)
    return (await audited()) as OperationOutput<N>;
  const request = { campaignId: opened.campaign.id, key: options.key, operation: name, input: own };
  const once = await answerOnce(app, request, audited);
  if (once.kind === 'repeated') await audit.note('repeated');
  return once.answer as OperationOutput<N>;
}

/** Calls operations for whoever stands at a door. */
export type Desk = <N extends OperationName>(
  name: N,
  input: RawInput<N>,
  options?: CallOptions,
) => Promise<OperationOutput<N>>;

export function openDesk(app: App, caller: Caller): Desk {
  return async (name, input, options) => await runOperation(app, caller, name, input, options);
}

/** As `runOperation`, for what needs no database. Nothing is read from a home and nothing changed, so nothing is audited. */
export async function runLocalOperation<N extends LocalOperation>(
  name: N,
  input: RawInput<N>,
  options: CallOptions & { readonly clock?: () => Date } = {},
): Promise<OperationOutput<N>> {
  const operation: Loaded = (await operations[name].load()).operation;
  const { language = 'en', progress = () => {}, nameOf = String, clock = () => new Date() } = options;
  const given = parseInput(operation, input, options);
  return parseOutput(
    operation,
    name,
    await operation.run({ language, progress, nameOf, clock } as never, given),
  ) as OperationOutput<N>;
}

async function openNamed(app: App, { door }: Caller, named: unknown, options: CallOptions): Promise<OpenedCampaign> {
  return await openCampaign(app, String(named ?? ''), { door, language: options.language ?? app.config.language });
}

async function refuse(app: App, caller: Caller, name: OperationName, named: unknown): Promise<AppError> {
  const campaign = typeof named === 'string' ? await findCampaign(app.pool, named) : null;
  const audit = await openAudit(app, { caller, operation: name, campaign, by: caller.name ?? null });
  await audit.note('refused', { code: 'RIGHT_MISSING' });
  return new AppError('RIGHT_MISSING', { role: caller.role, right: operations[name].right });
}

/** A write is on record before it begins, a read of personal data before anything is shown; other reads leave no trace. */
async function runAudited(
  entry: OperationEntry,
  audit: AuditNotes,
  work: () => Promise<unknown>,
  isDry: boolean,
): Promise<unknown> {
  const changes = entry.kind === 'write' || entry.kind === 'home-write';
  if (changes) await audit.note('asked');
  try {
    const answer = await work();
    const refusal = refusalOf(answer);
    if (changes && refusal !== null) await audit.note('refused', { code: refusal });
    else if (changes) await audit.note('done', isDry ? { code: 'DRY_RUN' } : {});
    else if (entry.people && audit.people() === 0) await audit.note('opened');
    return answer;
  } catch (error) {
    if (changes) await audit.note('failed', { code: errorCodeOf(error) });
    throw error;
  }
}

function contextOf(app: App, opened: OpenedCampaign | null, audit: AuditNotes, options: CallOptions): never {
  const { language = app.config.language, progress = () => {}, nameOf = String } = options;
  const concerns = async (refs: readonly string[]) => {
    if (refs.length > 0) await audit.note('opened', { refs });
  };
  const actor = async (name: string) =>
    await ensureActor(app, app.pool, { campaignId: opened?.campaign.id ?? '', name });
  // Every kind of operation sees of this what its own context names; the catalogue ties kind and context together.
  return { app, db: app.pool, ...opened, language, progress, nameOf, concerns, actor, clock: app.clock } as never;
}

function isDryRun(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'dryRun' in input && input.dryRun === true;
}

function byOf(input: unknown): string | null {
  const by = typeof input === 'object' && input !== null && 'by' in input ? input.by : null;
  return typeof by === 'string' ? by : null;
}

function parseInput({ input: schema }: Loaded, input: unknown, { nameOf = String }: CallOptions): unknown {
  const given = withoutAbsent(input);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new AppError('USAGE_WRONG.fields', { faults: inputFaults(parsed.error, { schema, input: given, nameOf }) });
}

/** A field that a door leaves undefined was not given. */
function withoutAbsent(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

/** Names places only: what does not fit may be somebody's data. */
function parseOutput(operation: Loaded, name: string, answer: unknown): unknown {
  const parsed = operation.output.safeParse(answer);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path, code }) => `${path.join('.')} (${code})`);
  throw new AppError('OUTPUT_WRONG', { operation: name, places: places.join(', ') });
}
