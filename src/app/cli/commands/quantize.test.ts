import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../test/support/lookalike.ts';

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
  // The same pictures without their classes.
  await mkdir(path.join(work.folder, 'unlabelled'));
  await cp(path.join(work.folder, 'pictures', 'bars', '1.png'), path.join(work.folder, 'one', 'bars', '1.png'));
  await cp(path.join(work.folder, 'pictures'), path.join(work.folder, 'more', 'pictures'), { recursive: true });
});
afterAll(() => work.remove());

describe('lookalike quantize', () => {
  it('says what it did, and the model it wrote can be used', async () => {
    const { code, stdout, stderr } = await work.lookalike(
      'quantize',
      'pictures',
      '-m',
      'model.onnx',
      '-o',
      'small.onnx',
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^model: model.onnx \(24 dimensions, SHA-256 [0-9a-f]{12}\)\n$/);
    expect(stdout).toMatch(
      /^1 layer on bytes, ranges from 3 images\nRecall@1 [\d.]+% before, [\d.]+% after, on \d+ queries\n/,
    );
    expect(stdout).toMatch(
      /not calibrated: calibration needs at least 100 pairs of one class.*\nwritten: small.onnx\n$/,
    );
    const used = await work.lookalike('evaluate', 'pictures', '-m', 'small.onnx', '--json');
    expect([used.code, JSON.parse(used.stdout).model.dimension]).toEqual([0, 24]);
  });

  it('prints one document under --json', async () => {
    const argv = [
      'pictures',
      '--judge',
      'more/pictures',
      '-m',
      'model.onnx',
      '-o',
      'judged.onnx',
      '--ranges',
      'min-max',
    ];
    const { code, stdout } = await work.lookalike('quantize', ...argv, '--json');
    expect(code).toBe(0);
    const { output, quantization, before, after, notCalibrated } = JSON.parse(stdout);
    expect(notCalibrated).toMatch(/^calibration needs at least 100 pairs of one class/);
    expect(output).toBe('judged.onnx');
    expect(quantization).toMatchObject({ ranges: 'min-max', calibrationImages: 12, queries: 12 });
    expect([before.images, after.images]).toEqual([12, 12]);
  });

  it('calibrates on one half of the classes and judges on the other', async () => {
    const argv = ['pictures', '--halves', '-m', 'model.onnx', '-o', 'halves.onnx', '--json'];
    const { quantization, before } = JSON.parse((await work.lookalike('quantize', ...argv)).stdout);
    expect([quantization.calibrationImages, before.images, before.classes]).toEqual([6, 6, 2]);
  });

  it('writes beside the model by default, and never over a file that is there', async () => {
    await mkdir(path.join(work.folder, 'run'));
    await cp(path.join(work.folder, 'model.onnx'), path.join(work.folder, 'run', 'model.onnx'));
    const { code, stdout } = await work.lookalike('quantize', 'pictures', '-m', 'run', '--json');
    expect({ code, output: JSON.parse(stdout).output }).toEqual({ code: 0, output: 'run/model-8bit.onnx' });
    const again = await work.lookalike('quantize', 'pictures', '-m', 'run');
    expect({ code: again.code, error: errorOf(again) }).toEqual({
      code: 2,
      error:
        "there is a 'run/model-8bit.onnx' already: name the file to write with --output, also to replace that one; see 'lookalike quantize --help'",
    });
  });

  it('explains in one line what is wrong', async () => {
    const failed = async (...argv: string[]) => errorOf(await work.lookalike('quantize', ...argv));
    expect(await failed('pictures', '-o', 'x.onnx', '--halves', '--judge', 'pictures')).toMatch(/give one of them/);
    expect(await failed('pictures', '-m', 'small.onnx', '-o', 'x.onnx')).toMatch(/is quantised already/);
    expect(await failed('pictures', '-m', 'none.onnx', '-o', 'x.onnx')).toMatch(/there is no model file 'none.onnx'/);
    expect(await failed('unlabelled', '-m', 'model.onnx', '-o', 'x.onnx')).toMatch(/unlabelled/);
    expect(await failed('one', '-m', 'model.onnx', '-o', 'x.onnx')).toMatch(
      /other, labelled ones to judge on, but '.*one' has only 1: add pictures, in one folder a class, or name .* --judge/,
    );
    expect(await failed('pictures', '-o', 'x.onnx', '--ranges', 'best')).toMatch(/must be one of min-max, percentile/);
  });
});
