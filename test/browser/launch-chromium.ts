import { type Browser, chromium } from 'playwright-core';

/** A Chromium without a window: the one that `CHROMIUM` names, else Debian's. @param graphics `webgl` for SwiftShader, which draws it on the CPU. */
export function launchChromium(graphics: 'none' | 'webgl' = 'none'): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      ...(graphics === 'none' ? ['--disable-gpu'] : ['--use-angle=swiftshader', '--enable-unsafe-swiftshader']),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
