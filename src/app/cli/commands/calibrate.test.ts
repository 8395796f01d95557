import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../../test/fixtures/make-pictures.ts';
import { errorOf, makeWorkplace, type Workplace } from '../../../../test/support/lookalike.ts';
import { readModel } from '../../../catalogue/embedding/model-file.ts';
import { shareAlike } from '../../../evaluation/calibration/share-alike.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
  await makePictures(at('many'), { classes: 6, picturesPerClass: 8, size: 24 });
});
afterAll(() => work.remove());

const [a, b] = ['pictures/arrow/1.png', 'pictures/bars/2.png'];

describe('lookalike calibrate', () => {
  it('writes a calibration that compare and search print', async () => {
    const finished = await work.lookalike('calibrate', 'many', '-m', 'model.onnx', '-o', 'calibrated.onnx', '--json');
    expect({ code: finished.code, stderr: finished.stderr }).toEqual({ code: 0, stderr: '' });
    const { calibration } = JSON.parse(finished.stdout);
    expect(calibration).toMatchObject({
      distance: 'euclidean',
      method: 'logistic',
      images: 48,
      classes: 6,
      pairs: { alike: 6 * 28, unlike: 960 },
      source: '48 images of 6 classes given to calibrate',
    });
    expect(calibration.baseRate).toBeCloseTo(168 / 1128, 12);
    const written = await readModel(at('calibrated.onnx'));
    expect(written.metadata.calibration).toEqual(calibration);
    const before = await readModel(at('model.onnx'));
    expect(before.metadata.calibration).toBeUndefined();
    expect(written.metadata.goldens).toEqual(before.metadata.goldens);

    const compared = await work.lookalike('compare', a, b, '-m', 'calibrated.onnx', '--json');
    const { distance, alike } = JSON.parse(compared.stdout);
    expect(alike).toEqual(shareAlike(calibration, distance));
    const text = await work.lookalike('compare', a, b, '-m', 'calibrated.onnx');
    expect(text.stdout).toMatch(
      /\n(probably alike|unsure|probably not alike): \d+\.\d% of pairs at this distance were/,
    );
    const other = await work.lookalike('compare', a, b, '-m', 'calibrated.onnx', '--distance', 'cosine', '--json');
    expect(JSON.parse(other.stdout).alike).toBeNull();

    await work.lookalike('index', 'pictures', '-s', 'c.lance', '-m', 'calibrated.onnx');
    const search = ['search', a, '-s', 'c.lance', '-m', 'calibrated.onnx', '-k', '3'];
    const found = JSON.parse((await work.lookalike(...search, '--json')).stdout);
    for (const result of found.results) expect(result.alike).toEqual(shareAlike(calibration, result.distance));
    const printed = await work.lookalike(...search);
    expect(printed.stdout).toMatch(/^1 {2}0\.0000 {2}\d+\.\d% {2}(alike|unsure|unlike) +arrow\/1.png\n(.*\n){2}$/);
    expect(printed.stderr).toMatch(
      /\npercent: how many pairs of pictures at that distance .*\n +among 48 images .*, where one pair in \d+ was of one class\n/,
    );
    const { classes, images, baseRate, source } = calibration;
    expect(found.sharesMeasuredOn).toEqual({ classes, images, baseRate, source });
  });

  it('prints the curve, and where it is unsure', async () => {
    const { stdout } = await work.lookalike('calibrate', 'many', '-m', 'model.onnx', '-o', 'again.onnx');
    expect(stdout).toMatch(
      /^168 pairs of one class and 960 of two, 14\.9% of all alike; logistic fit of euclidean distance\n/,
    );
    expect(stdout.match(/\n +\d\.\d{4} +\d\.\d{4} +\d+\.\d% +\d+ +\d+/g)).toHaveLength(33);
    expect(stdout).toMatch(/\nunsure between \d\.\d{4} and \d\.\d{4}\nwritten: again.onnx\n$/);
  });

  it.each([
    [
      'too few pairs',
      ['pictures', '-m', 'model.onnx'],
      /needs at least 100 pairs of one class.* here are 12, 54 and 4: give more/,
    ],
    ['a missing model', ['many', '-m', 'no.onnx'], /there is no model file 'no.onnx'/],
    ['missing images', ['nowhere', '-m', 'model.onnx'], /there is nothing at '.*nowhere'/],
  ])('explains %s in one line', async (_, argv, message) => {
    const finished = await work.lookalike('calibrate', ...argv);
    expect(finished.code).toBe(1);
    expect(errorOf(finished)).toMatch(message);
  });

  it('takes the model without --model, before the images and behind them, where it is plain which is which', async () => {
    await mkdir(at('done'));
    await copyFile(at('model.onnx'), at('done', 'model.onnx'));
    const expected = await work.lookalike('calibrate', 'many', '-m', 'done', '-o', 'x.onnx', '--json');
    for (const words of [
      ['done/model.onnx', 'many'],
      ['many', 'done/model.onnx'],
      ['done', 'many'],
    ]) {
      const found = await work.lookalike('calibrate', ...words, '-o', 'x.onnx', '--json');
      expect({ words, ...JSON.parse(found.stdout) }).toEqual({ words, ...JSON.parse(expected.stdout) });
    }
  });

  it.each([
    [
      ['many', 'pictures'],
      /^which of 'many' and 'pictures' is the model cannot be told: give the images first and .*--model <file>/,
    ],
    [['a.onnx', 'b.onnx'], /^which of 'a.onnx' and 'b.onnx' is the model cannot be told/],
    [
      ['model.onnx', 'many', '-m', 'model.onnx'],
      /^'model.onnx', 'many' and --model model.onnx were given: give the images first/,
    ],
    [['many'], /^the model that comes with lookalike stays as it is: say where the calibrated one goes with --output/],
  ])('says the right order, and what it will not overwrite, of %j', async (argv, message) => {
    const finished = await work.lookalike('calibrate', ...argv);
    expect(finished.code).toBe(2);
    expect(errorOf(finished)).toMatch(message);
  });
});
