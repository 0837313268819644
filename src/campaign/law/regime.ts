/** The law as tables: each regime of templates/law with its clocks, each clock with source, days of validity and of review. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { problemLines } from '../../kernel/problem.ts';
import { readYaml } from '../../platform/formats/yaml.ts';
import { packageRoot } from '../../platform/package-root.ts';
import { incidentTypes } from '../folder/campaign-file.ts';
import { daySchema } from '../folder/local-time.ts';

const both = z.strictObject({ ja: z.string().min(1), en: z.string().min(1) });
/** Keys of `incident.reports` whose value says that the duty is done; other clocks are ticked off by their id in `incident.filed`. */
const doneBy = z.enum(['preliminaryFiledOn', 'finalFiledOn', 'insurerToldAt', 'policeToldOn']);

const dueSchema = z.union([
  z.strictObject({
    /** Number of the day; `countsFrom` says whether the first day is day 1 (default) or the day after it. */
    day: z.int().min(1),
    from: z.enum(['knowing', 'firstTellingWave']).default('knowing'),
    countsFrom: z.enum(['firstDay', 'dayAfter']).default('firstDay'),
    targetDay: z.int().min(1).optional(),
    shiftsToWorkingDay: z.boolean(),
  }),
  /** From the minute of knowing; no day of rest moves it. */
  z.strictObject({ hours: z.int().min(1) }),
  z.strictObject({ plan: z.literal('lastTellingWave') }),
  z.strictObject({ policy: z.literal('noticeWithinDays') }),
  /** At once, or in a time that the source does not say. */
  z.strictObject({ promptly: z.literal(true) }),
]);

const clockRuleSchema = z.strictObject({
  id: z.string().min(1),
  label: both,
  receiver: both,
  /** The form on which it is filed, where the receiver has one. */
  form: both.optional(),
  /** Only when one of these types is believed to apply. */
  whenTypes: z.array(z.enum(incidentTypes)).optional(),
  /** Not when one of these types is believed to apply. */
  unlessTypes: z.array(z.enum(incidentTypes)).optional(),
  due: dueSchema,
  doneBy: doneBy.optional(),
  citation: z.string().min(1),
  source: z.url(),
  /** Incidents known before this day have no such clock; nothing ships that is not in force. */
  validFrom: daySchema,
  validTo: daySchema.optional(),
  checkedOn: daySchema,
  /** By when somebody must read the source again. */
  reviewDue: daySchema,
});
export type ClockRule = z.output<typeof clockRuleSchema>;

const regimeSchema = z.strictObject({ id: z.string().min(1), title: both, clocks: z.array(clockRuleSchema).min(1) });
export type Regime = z.output<typeof regimeSchema>;

export const checklistOwners = ['management', 'legal', 'it', 'press', 'contact', 'insurance'] as const;
export const checklistPhases = ['first_day', 'first_week', 'first_month'] as const;
/** What in the system shows that a step is done, without anybody saying so. */
export const doneFacts = ['list_frozen', 'publication', 'consent', 'gifts', 'centre_open', 'told'] as const;
export type DoneFact = (typeof doneFacts)[number];

const stepSchema = z
  .strictObject({
    id: z.string().min(1),
    phase: z.enum(checklistPhases),
    owner: z.enum(checklistOwners),
    /** Hours from knowing. */
    within: z.int().min(1).optional(),
    /** The day of knowing is day 1. Advice only: a legal day comes from its clock. */
    day: z.int().min(1).optional(),
    /**
     * Id of the clock whose end and state this step has (the earlier end, where it has one of its own); a campaign without that
     * clock has no such step.
     */
    clock: z.string().optional(),
    doneBy: doneBy.optional(),
    doneWhen: z.enum(doneFacts).optional(),
    text: both,
  })
  .refine(
    ({ within, day, clock }) => (within ?? day ?? clock) !== undefined && (within === undefined || day === undefined),
    'law.fault.withinOrDay',
  );

const checklistSchema = z.strictObject({ id: z.string().min(1), checkedOn: daySchema, steps: z.array(stepSchema) });
export type Checklist = z.output<typeof checklistSchema>;

const LAW_FOLDER = join('templates', 'law');
const CHECKLIST = 'checklist';
/** The laws of a campaign that names none. */
export const defaultLaws: readonly string[] = ['appi'];
/** Binds every campaign, whatever its laws. */
export const INSURANCE = 'insurance';

/** Every regime that can be named under `laws`, in the order of the alphabet. */
export function listLaws(): string[] {
  return readdirSync(join(packageRoot, LAW_FOLDER))
    .flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : []))
    .filter((name) => name !== CHECKLIST && name !== INSURANCE)
    .sort();
}

/** Reads templates/law/<name>.yaml as a regime. Throws TEMPLATE_INVALID. */
export function loadRegime(name: string): Regime {
  return load(name, regimeSchema);
}

/** Throws TEMPLATE_INVALID. */
export function loadChecklist(): Checklist {
  return load(CHECKLIST, checklistSchema);
}

function load<S extends z.ZodType>(name: string, schema: S): z.output<S> {
  const path = join(LAW_FOLDER, `${name}.yaml`);
  const { value, problems } = readYaml(path, readFileSync(join(packageRoot, path), 'utf8'), schema, { keep: true });
  if (value === undefined) throw new AppError('TEMPLATE_INVALID', { faults: problemLines(problems) });
  return value;
}
