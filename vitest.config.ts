import { defineConfig } from 'vitest/config';

// One embedded PostgreSQL per run (test/support/global-setup.ts), one database per file, cloned from a template.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**', 'node_modules/**'],
    // Both cores: vitest itself would use one of two.
    maxWorkers: 2,
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
