import { defineConfig } from 'vitest/config';

/** The store in PostgreSQL on a real server: LOOKALIKE_POSTGRES=postgres://user@host:port/database npm run test:postgres */
export default defineConfig({
  test: {
    include: ['test/postgres/*.test.ts'],
    setupFiles: ['test/support/seed-property-tests.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
