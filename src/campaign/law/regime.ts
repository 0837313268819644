/** The law as a table: clocks and checklists read from templates/law, each entry with its citation. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { parseYaml } from '../../platform/formats/yaml.ts';
import { packageRoot } from '../../platform/package-root.ts';
import { incidentTypes } from '../folder/campaign-file.ts';

const both = z.strictObject({ ja: z.string().min(1), en: z.string().min(1) });
/** Keys of `incident.reports` whose value says that the duty is done. */
const doneBy = z.enum(['preliminaryFiledOn', 'finalFiledOn', 'insurerToldAt', 'policeToldOn']);

const clockRuleSchema = z.strictObject({
  id: z.string().min(1),
  label: both,
  /** Only when one of these types is believed to apply. */
  whenTypes: z.array(z.enum(incidentTypes)).optional(),
  /** Not when one of these types is believed to apply. */
  unlessTypes: z.array(z.enum(incidentTypes)).optional(),
  due: z.union([
    z.strictObject({
      /** The day of knowing is day 1. */
      day: z.int().min(1),
      targetDay: z.int().min(1).optional(),
      shiftsToWorkingDay: z.boolean(),
    }),
    z.strictObject({ plan: z.literal('lastTellingWave') }),
    z.strictObject({ policy: z.literal('noticeWithinDays') }),
  ]),
  doneBy: doneBy.optional(),
  citation: z.string().min(1),
  source: z.string().min(1),
});
export type ClockRule = z.output<typeof clockRuleSchema>;

const regimeSchema = z.strictObject({
  id: z.string().min(1),
  title: both,
  validFrom: z.string(),
  checkedOn: z.string(),
  clocks: z.array(clockRuleSchema).min(1),
});
export type Regime = z.output<typeof regimeSchema>;

export const checklistPhases = ['first_day', 'first_week', 'first_month'] as const;

const checklistSchema = z.strictObject({
  id: z.string().min(1),
  checkedOn: z.string(),
  steps: z.array(
    z
      .strictObject({
        id: z.string().min(1),
        phase: z.enum(checklistPhases),
        owner: z.enum(['management', 'legal', 'it', 'press', 'contact', 'insurance']),
        /** Hours from knowing. */
        within: z.int().min(1).optional(),
        /** The day of knowing is day 1. */
        day: z.int().min(1).optional(),
        doneBy: doneBy.optional(),
        text: both,
      })
      .refine((step) => (step.within === undefined) !== (step.day === undefined), 'law.fault.withinOrDay'),
  ),
});
export type Checklist = z.output<typeof checklistSchema>;

/** Reads templates/law/<name>.yaml as a regime. Throws TEMPLATE_INVALID. */
export function loadRegime(name = 'appi'): Regime {
  return load(name, regimeSchema);
}

/** Reads templates/law/<name>.yaml as a checklist. Throws TEMPLATE_INVALID. */
export function loadChecklist(name = 'checklist'): Checklist {
  return load(name, checklistSchema);
}

function load<S extends z.ZodType>(name: string, schema: S): z.output<S> {
  const path = join('templates', 'law', `${name}.yaml`);
  const { value, problems } = parseYaml(path, readFileSync(join(packageRoot, path), 'utf8'), schema);
  const [first] = problems;
  if (value === undefined)
    throw new AppError('TEMPLATE_INVALID', `${path}:${first?.line ?? 0} ${first?.message ?? ''}`);
  return value;
}
