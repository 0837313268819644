/**
 * The process that runs mutants: one vitest that stays open and is given the mutated text of one file at a time. Nothing is
 * written; the file on the disk is never touched. Its parent ends it when a mutant does not come to an end.
 */
import { createVitest, type TestModule } from 'vitest/node';

/** A mutated file and the tests to run on it, group after group until one fails. Null: as it stands on the disk. */
export type Order = {
  readonly file: string;
  readonly text: string | null;
  readonly tests: readonly (readonly string[])[];
};
/** The first thing that noticed; null when nothing did. */
export type Answer = { readonly noticedBy: string | null };

let current: { file: string; text: string } | null = null;

const vitest = await createVitest(
  'test',
  {
    config: false,
    watch: false,
    cache: false,
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    // One thread for all mutants, emptied by the setup file: a thread of its own for each would cost most of the time.
    isolate: false,
    setupFiles: ['test/mutate/fresh-modules.ts'],
    maxWorkers: 1,
    bail: 1,
    reporters: [{}],
    testTimeout: 20_000,
  },
  {
    plugins: [
      {
        name: 'mutant',
        enforce: 'pre',
        load: (id) => (current !== null && id === current.file ? current.text : null),
      },
    ],
  },
);

const known = await vitest.globTestSpecifications([]);

async function run({ file, text, tests }: Order): Promise<Answer> {
  if (current !== null) vitest.invalidateFile(current.file);
  current = text === null ? null : { file, text };
  vitest.invalidateFile(file);
  for (const group of tests) {
    const chosen = known.filter((test) => group.some((name) => test.moduleId.endsWith(`/${name}`)));
    if (chosen.length < group.length) throw new RangeError(`not all of ${group.join(', ')} are tests`);
    if (chosen.length === 0) continue;
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(chosen);
    // What is answered are all modules that were ever run.
    const failed = testModules.find(
      (module) => chosen.some((test) => test.moduleId === module.moduleId) && !module.ok(),
    );
    if (failed) return { noticedBy: describeFailure(failed) };
    if (unhandledErrors.length > 0) return { noticedBy: 'an error that no test caught' };
  }
  return { noticedBy: null };
}

function describeFailure(failed: TestModule): string {
  const [test] = failed.children.allTests('failed');
  const [error] = test?.result().errors ?? failed.errors();
  return `${failed.relativeModuleId}: ${test?.fullName ?? 'does not load'}: ${error?.message ?? ''}`;
}

process.on('message', (order: Order) => {
  run(order).then(
    (answer) => process.send?.(answer),
    // A mutant that keeps a file from loading at all was noticed too.
    (error: unknown) => process.send?.({ noticedBy: String(error) } satisfies Answer),
  );
});
process.once('disconnect', () => process.exit());
process.send?.({ noticedBy: null } satisfies Answer);
