import { defineConfig } from 'vitest/config';

/** Tests of the pure nouns and of the source itself: no database of their own, no process, no state in a module. */
const pure = [
  'test/*.test.ts',
  'test/{campaign,contacts,delivery,evidence,intake,journal,kernel,ledger,notice}/**/*.test.ts',
];

// One embedded PostgreSQL per run (test/support/global-setup.ts), one database per file, cloned from a template.
export default defineConfig({
  test: {
    // Both cores: vitest itself would use one of two.
    maxWorkers: 2,
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: ['test/long/**', 'node_modules/**', ...pure] },
      },
      // One process for all of them: loading the program anew for each file took longer than the tests themselves.
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
    ],
  },
});
