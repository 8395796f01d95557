import { defineConfig } from 'vitest/config';

/** Looks at the pages in a real browser: needs Chromium. */
export default defineConfig({
  test: { include: ['test/browser/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
});
