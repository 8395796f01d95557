import { defineConfig } from 'vitest/config';

/** Packs the package and installs it into an empty project, and compiles a program that uses it: minutes, and the npm registry. */
export default defineConfig({
  test: {
    include: ['test/package/*.test.ts'],
    globalSetup: ['test/support/build-if-older.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
