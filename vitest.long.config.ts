import { defineConfig } from 'vitest/config';

// One embedded PostgreSQL per run (test/support/global-setup.ts), one database per file, cloned from a template.
export default defineConfig({
  test: {
    // The counters too, with many more moves than a daily run makes.
    include: ['test/long/**/*.test.ts', 'test/store/tallies.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 1_200_000,
    hookTimeout: 60_000,
  },
});
