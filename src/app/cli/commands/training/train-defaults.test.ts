import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';
import { withoutProgress } from '../../../../../test/support/without-progress.ts';
import { presets } from '../../../../training/configuration/presets.ts';
import { trainingDefaults } from '../../../../training/configuration/training-defaults.ts';

/** A busy machine is given its time. */
const patience = 240_000;

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
});
afterAll(() => work.remove());

it(
  'is what train() of the library does, where nothing was chosen: one configuration to the last number',
  async () => {
    const steps = 1;
    const typed = withoutProgress(await work.spawned('train', 'pictures', '-o', 'typed', '--steps', String(steps)));
    expect({ code: typed.code, stderr: typed.stderr }).toEqual({ code: 0, stderr: '' });
    const library: typeof import('../../../../index.ts') = await import(
      pathToFileURL(path.resolve(import.meta.dirname, '../../../../../dist/library/index.js')).href
    );
    const material = await library.loadTrainingMaterial(path.join(work.folder, 'pictures'));
    await library.train({ material, folder: path.join(work.folder, 'called'), choices: { steps } });
    const configOf = async (run: string) =>
      JSON.parse(await readFile(path.join(work.folder, run, 'config.json'), 'utf8'));
    const config = await configOf('typed');
    expect(await configOf('called')).toEqual(config);
    const { heldOut, threads, provider } = trainingDefaults;
    expect(config).toMatchObject({
      preset: 'small',
      seed: 0,
      heldOut: { share: heldOut },
      learningRate: presets.small.learningRate,
      engine: { threads, provider },
    });
  },
  patience,
);
