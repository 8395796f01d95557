import { type Browser, chromium } from 'playwright-core';

/** What draws: nothing, or SwiftShader, which does it on the CPU, for WebGL or for WebGPU. */
export type Graphics = keyof typeof flags;

const flags = {
  none: ['--disable-gpu'],
  webgl: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  webgpu: [
    '--enable-unsafe-webgpu',
    '--use-webgpu-adapter=swiftshader',
    '--enable-features=Vulkan',
    '--use-vulkan=swiftshader',
    '--use-angle=swiftshader',
  ],
} as const;

/** A Chromium without a window: the one that `CHROMIUM` names, else Debian's. */
export function launchChromium(graphics: Graphics = 'none'): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      ...flags[graphics],
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
