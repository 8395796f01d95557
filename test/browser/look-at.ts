import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { seriousProblems } from './serious-problems.ts';
import { textContrasts } from './text-contrasts.ts';

/** Windows that pages are looked at in. */
export const sizes = [
  { name: 'desktop', width: 1280, height: 900, isPhone: false },
  { name: 'phone', width: 390, height: 844, isPhone: true },
] as const;

/** Colours that somebody may prefer. */
export const schemes = ['light', 'dark'] as const;

/** Where screenshots stay; without it none are taken. */
const kept = process.env['SCREENSHOTS'];

/** Looks at what a page shows: it fits its window, its text can be read, axe finds nothing serious. @param view names it. */
export async function lookAt(page: Page, view: string): Promise<void> {
  const widths = await page.evaluate<number[]>('[document.documentElement.scrollWidth, innerWidth]');
  expect({ view, width: widths[0] }).toEqual({ view, width: widths[1] });
  expect(await seriousProblems(page)).toEqual([]);
  const contrasts = await textContrasts(page);
  expect(contrasts.length).toBeGreaterThan(3);
  for (const { contrast, text } of contrasts) expect({ text, enough: contrast >= 4.5 }).toEqual({ text, enough: true });
  if (kept !== undefined) await page.screenshot({ path: path.join(kept, `${view}.png`) });
}
