import { defineConfig } from 'vitest/config';

// One embedded PostgreSQL per run (test/support/global-setup.ts), one database per file, cloned from a template.
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts'],

    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 1_200_000,
    hookTimeout: 60_000,
  },
});
