import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [
      'test/package/**',
      'test/browser/**',
      'test/postgres/**',
      'test/weaviate/**',
      'test/ceph/**',
      'test/webgpu/**',
    ],
    globalSetup: ['test/support/build-if-older.ts'],
    // Tests do not depend on a oneDNN that happens to be here: those that are about it look for it themselves (onednn-here.ts).
    env: { LOOKALIKE_ONEDNN: 'off', ONEDNN_FOR_TESTS: process.env.LOOKALIKE_ONEDNN ?? '' },
    setupFiles: ['test/support/seed-property-tests.ts'],
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
