import { existsSync } from 'node:fs';

/** Where Debian's Chromium has SwiftShader, a Vulkan driver that computes on the processor, and Vulkan's loader. */
const chromium = '/usr/lib/chromium';

/**
 * What has to be in a process's environment for WebGPU: nothing where a driver is named (`VK_ICD_FILENAMES`, the driver's
 * manifest); else Chromium's SwiftShader, where it is installed, the same on every machine.
 */
export function vulkanDriver(environment: NodeJS.ProcessEnv): Record<string, string> {
  const manifest = `${chromium}/vk_swiftshader_icd.json`;
  if (environment['VK_ICD_FILENAMES'] !== undefined || !existsSync(manifest)) return {};
  const paths = [environment['LD_LIBRARY_PATH'], chromium].filter((path) => path !== undefined && path !== '');
  return { VK_ICD_FILENAMES: manifest, LD_LIBRARY_PATH: paths.join(':') };
}
