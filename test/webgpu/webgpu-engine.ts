import { OnnxruntimeEngine } from '../../src/engines/onnxruntime/onnxruntime-engine.ts';
import { requireDevice } from '../../src/engines/require-device.ts';

/** How a session runs graphs on WebGPU, and on the CPU what has no kernel there. */
export const webGpuProviders = ['webgpu', 'cpu'] as const;

/**
 * An onnxruntime engine that runs graphs on WebGPU.
 *
 * @throws if WebGPU cannot be had, saying how.
 */
export async function webGpuEngine(): Promise<OnnxruntimeEngine> {
  const engine = await OnnxruntimeEngine.create({ threads: 1, providers: webGpuProviders });
  try {
    await requireDevice(engine, 'the tests of WebGPU');
    return engine;
  } catch (error) {
    await engine.close();
    throw new Error(
      'the tests of WebGPU cannot run here, for onnxruntime finds no GPU: install Chromium (Debian: apt-get install ' +
        "chromium), whose SwiftShader is taken, or name the manifest of a Vulkan driver in VK_ICD_FILENAMES; onnxruntime's " +
        `words: ${(error as Error).message.slice(0, 400)}`,
      { cause: error },
    );
  }
}
