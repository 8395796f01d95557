import { defineConfig } from 'vitest/config';

/** Packs the package and installs it into an empty project: minutes, and the npm registry. */
export default defineConfig({
  test: { include: ['test/package/*.test.ts'], testTimeout: 600_000, hookTimeout: 600_000 },
});
