import { defineConfig } from 'vitest/config';

/** The store in Weaviate on clusters of this machine, whose nodes are killed: npm run test:weaviate */
export default defineConfig({
  test: {
    include: ['test/weaviate/*.test.ts'],
    setupFiles: ['test/support/seed-property-tests.ts'],
    // One cluster at a time.
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 300_000,
  },
});
