/**
 * What an operation is: what it takes, what it answers and what it does, and nothing about doors. Five kinds, by what they
 * open and whether they change anything: a read gets `db` and no queue, a write gets the whole app.
 */
import type { z } from 'zod';
import type { Campaign } from '../campaign/campaign.ts';
import type { App } from '../platform/app.ts';
import type { Language } from '../platform/language.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { NameOf } from './input-faults.ts';
import type { Right, Role } from './rights.ts';

/** Where a call comes from. `name` is who signed in at the door; without it an input's own `by` says who acts. */
export type Caller = { readonly door: Door; readonly role: Role; readonly name?: string };
export const doors = ['cli', 'http', 'demo'] as const;
export type Door = (typeof doors)[number];

/** What a read may touch: no queue to wake. */
export type ReadingApp = Omit<App, 'queues' | 'close'>;

type EveryContext = {
  readonly language: Language;
  /** Tells whoever waits how far the work is; `label` is a word of the catalogue. */
  readonly progress: (label: string, done: number, total: number) => void;
  /** For what an operation itself finds wrong with a field. */
  readonly nameOf: NameOf;
};

/** What needs no database. */
export type LocalContext = EveryContext & { readonly clock: () => Date };

type Noting = {
  /** Puts on record whose data is opened; called before anything of it is shown or written. */
  readonly concerns: (refs: readonly string[]) => Promise<void>;
};
type InCampaign = {
  readonly campaign: Campaign;
  /** The folder by which the campaign was named; null when it was named by id. */
  readonly folder: string | null;
};

export type HomeReadContext = EveryContext & Noting & { readonly db: Db; readonly app: ReadingApp };
export type HomeWriteContext = EveryContext & Noting & { readonly app: App };
export type ReadContext = HomeReadContext & InCampaign;
export type WriteContext = HomeWriteContext &
  InCampaign & {
    /** The id under which the campaign's records know who acts; made on first use. Throws USAGE_WRONG for an empty name. */
    readonly actor: (name: string) => Promise<string>;
  };

/** Each kind with what its `run` gets. `read` and `write` work in one campaign, the others in none or in the whole home. */
type ContextOf = {
  local: LocalContext;
  'home-read': HomeReadContext;
  'home-write': HomeWriteContext;
  read: ReadContext;
  write: WriteContext;
};
export type OperationKind = keyof ContextOf;

/** What a run may return for a schema's input: the same with everything in it readable only. */
type Answer<T> = T extends Date | Uint8Array
  ? T
  : T extends readonly (infer E)[]
    ? readonly Answer<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Answer<T[K]> }
      : T;

export type Operation<K extends OperationKind, I extends z.ZodType, O extends z.ZodType> = {
  readonly kind: K;
  readonly input: I;
  readonly output: O;
  // A method, so that the catalogue can hold operations of every input: the wrapper validates what it passes.
  run(context: ContextOf[K], input: z.output<I>): Promise<Answer<z.input<O>>>;
};

/** Ties the parts of an operation together, so that `run` is held to both schemas. */
export function operationOf<K extends OperationKind, I extends z.ZodType, O extends z.ZodType>(
  operation: Operation<K, I, O>,
): Operation<K, I, O> {
  return operation;
}

/** A row of the catalogue. */
export type OperationEntry = {
  [K in OperationKind]: {
    readonly kind: K;
    readonly right: Right;
    /** Reads or changes what names affected people. */
    readonly people: boolean;
    readonly load: () => Promise<{ readonly operation: Operation<K, z.ZodType, z.ZodType> }>;
  };
}[OperationKind];
