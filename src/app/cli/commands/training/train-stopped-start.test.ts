import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../../../test/fixtures/make-pictures.ts';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';
import { stoppedWhen } from '../../../../../test/support/signalled.ts';

/** A busy machine is given its time. */
const patience = 240_000;

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
const argv = ['train', 'shapes', '-o', 'new/run', '--feature-cache', 'features', '--threads', '1'];

beforeAll(async () => {
  work = await makeWorkplace();
  await makePictures(at('shapes'), { classes: 8, picturesPerClass: 4, size: 32 });
});
afterAll(() => work.remove());

const featureFiles = async () =>
  (await readdir(at('features'), { recursive: true }).catch(() => [])).filter((name) => name.endsWith('.safetensors'));

describe('lookalike train without a choice, stopped while it chooses', () => {
  it(
    'leaves no run behind, and the same command goes on from the features that it kept',
    async () => {
      const stopped = await stoppedWhen(work.folder, 'SIGINT', async () => (await featureFiles()).length > 0, ...argv);
      expect(stopped.code, stopped.stderr).toBe(130);
      expect(stopped.stderr.trimEnd().split('\n').at(-1)).toBe(
        'lookalike: stopped by SIGINT before the run had begun; features of pictures that were computed are kept; the same command goes on from them',
      );
      expect(existsSync(at('new'))).toBe(false);
      const kept = await featureFiles();
      const again = await work.spawned(...argv, '--time', '1s');
      expect(again.code, again.stderr).toBe(0);
      // Nothing was computed again, or it would have been kept, too.
      expect(await featureFiles()).toEqual(kept);
      expect(JSON.parse(await readFile(at('new', 'run', 'config.json'), 'utf8'))).toMatchObject({ preset: 'auto' });
    },
    patience,
  );

  it('leaves nothing where the network is wrong', async () => {
    const wrong = await work.lookalike('train', 'shapes', '-o', 'none/run', '--backbone', 'shapes/none.onnx');
    expect(errorOf(wrong)).toContain("'shapes/none.onnx'");
    expect(existsSync(at('none'))).toBe(false);
  });
});
