import { openLibrary } from '../../src/engines/onednn/library/open-library.ts';
import { OneDnnEngine } from '../../src/engines/onednn/onednn-engine.ts';
import type { OneDnnSettings } from '../../src/engines/onednn/onednn-settings.ts';
import { type Thresholds, usualThresholds } from '../../src/engines/onednn/partition/suited-nodes.ts';

/** The environment that oneDNN is looked for in: that of whoever started the tests, which vitest's configuration passes on. */
export const withOneDnn: Readonly<Record<string, string | undefined>> = {
  ...process.env,
  LOOKALIKE_ONEDNN: process.env['ONEDNN_FOR_TESTS'],
};

/** Opens the library that the tests are about. */
export const openOneDnn = () => openLibrary({ environment: withOneDnn });

/** Why oneDNN cannot be used here; undefined where it can. */
export const withoutOneDnn: string | undefined = await openOneDnn().then(
  () => undefined,
  (error: Error) => error.message,
);

/** The name of tests that need oneDNN: where they are skipped, it says why. */
export function needingOneDnn(name: string): string {
  return withoutOneDnn === undefined ? name : `${name} (skipped: ${withoutOneDnn})`;
}

/** Thresholds that give oneDNN everything that it has, however small. */
export const everything: Thresholds = { elements: 0, productWork: 0, stretchWork: 0 };

/** An engine of the library that the tests are about. */
export function oneDnnEngine(settings: OneDnnSettings = {}, thresholds = usualThresholds): Promise<OneDnnEngine> {
  return OneDnnEngine.create(settings, { thresholds, environment: withOneDnn });
}
