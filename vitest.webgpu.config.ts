import { defineConfig } from 'vitest/config';
import { vulkanDriver } from './test/webgpu/vulkan-driver.ts';

// The linker reads its path when a process starts: it is set here, for the processes that run the tests.
Object.assign(process.env, vulkanDriver(process.env));

/** Runs graphs on onnxruntime's WebGPU provider: needs a driver of Vulkan, Metal or Direct3D 12; Chromium's will do. */
export default defineConfig({
  test: {
    include: ['test/webgpu/*.test.ts'],
    globalSetup: ['test/support/build-if-older.ts'],
    setupFiles: ['test/support/seed-property-tests.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
