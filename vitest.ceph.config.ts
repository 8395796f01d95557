import { defineConfig } from 'vitest/config';

/** The store in S3 on a Ceph cluster of this machine, from Debian's packages: npm run test:ceph */
export default defineConfig({
  test: {
    include: ['test/ceph/*.test.ts'],
    setupFiles: ['test/support/seed-property-tests.ts'],
    testTimeout: 600_000,
    hookTimeout: 300_000,
  },
});
