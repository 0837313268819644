import { defineConfig } from 'vitest/config';

/** Tests that put something in the place of a module (`vi.mock`), or break their own process: each in a process of its own. */
const alone = ['test/journey/lifecycle.test.ts', 'test/store/campaign-approvals.test.ts'];

// One embedded PostgreSQL per run (test/support/global-setup.ts), one database per file, cloned from a template.
export default defineConfig({
  test: {
    // Both cores: vitest itself would use one of two.
    maxWorkers: 2,
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      // One process a core for all of them: loading the program anew for each file took longer than most tests themselves.
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: ['test/long/**', 'node_modules/**', ...alone],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
