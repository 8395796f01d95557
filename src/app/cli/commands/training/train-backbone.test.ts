import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mobileNetwork } from '../../../../../test/fixtures/foreign-networks.ts';
import { makePictures } from '../../../../../test/fixtures/make-pictures.ts';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';
import { withoutProgress } from '../../../../../test/support/without-progress.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
const small = ['--size', '16', '--rows', '8', '--dimension', '8', '--threads', '1', '--paths', 'none', '--steps', '4'];
beforeAll(async () => {
  work = await makeWorkplace();
  await makePictures(at('shapes'), { classes: 4, picturesPerClass: 8, size: 16 });
  await writeFile(at('mobile.onnx'), mobileNetwork());
  await writeFile(at('blocked.onnx'), mobileNetwork({ foreignOperator: 'Selu' }));
});
afterAll(() => work.remove());

describe('lookalike train --backbone file.onnx', () => {
  it('trains a head on a frozen network, keeps its features, and needs the file no more', async () => {
    const argv = ['train', 'shapes', '-o', 'frozen', ...small, '--backbone', 'mobile.onnx', '--cut', 'map'];
    const { code, stdout, stderr } = withoutProgress(await work.lookalike(...argv, '--feature-cache', 'features'));
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/\nONNX backbone cut at 'map' \(frozen: all\) at 16 x 16, no low-resolution paths/);
    expect((await readdir(at('frozen'))).sort()).toEqual(expect.arrayContaining(['backbone.onnx', 'model.onnx']));
    const kept = await readdir(at('features'), { recursive: true });
    expect(kept.filter((name) => name.endsWith('.safetensors'))).toHaveLength(1);
    const { network, augmentation } = JSON.parse(await readFile(at('frozen', 'config.json'), 'utf8'));
    expect(network.trunk).toMatchObject({ cut: 'map', frozen: 'all', cached: true });
    expect(augmentation.rotation).toBe(0);
    await writeFile(at('mobile.onnx'), '');
    const picture = 'shapes/arrow/1.png';
    const compared = await work.lookalike('compare', picture, picture, '-m', 'frozen', '--json');
    expect(JSON.parse(compared.stdout).distance).toBe(0);
    await writeFile(at('mobile.onnx'), mobileNetwork());
  }, 120_000);

  it('goes on from the embedding of a model of ours where nobody says where, and from its weights', async () => {
    const sized = ['--dimension', '8', '--rows', '8', '--threads', '1', '--steps', '2'];
    const train = (run: string, ...more: string[]) => work.lookalike('train', 'shapes', '-o', run, ...sized, ...more);
    const ended = async (run: string, ...more: string[]) => {
      const { code, stdout, stderr } = withoutProgress(await train(run, ...more));
      expect(code, stderr).toBe(0);
      return stdout;
    };
    const cache = ['--feature-cache', 'features'];
    await ended('first', '--preset', 'small', '--size', '16');
    const onto = ['--backbone', 'first/model.onnx', ...cache];
    expect(await ended('onto', '--preset', 'small', ...onto)).toContain(
      "ONNX backbone cut at 'embedding' (frozen: all) at 16 x 16, no low-resolution paths",
    );
    expect(await ended('packaged', '--backbone', 'packaged', ...cache)).toContain("cut at 'embedding' (frozen: all)");
    // What auto made, and a model that learns along with its head.
    await ended('chosen', '--preset', 'contour', '--backbone', 'packaged/model.onnx', ...cache);
    await ended('learning', '--backbone', 'onto/model.onnx', '--freeze', 'none');
    const again = await ended('again', '--preset', 'small', '--size', '16', '--weights', 'first/model.onnx');
    expect(again).toMatch(
      /weights: \d+ tensors of the network from 'first\/model.onnx', by the names of a model of ours\n {2}pixels enter with the mean and deviation that the model was trained with\n/,
    );
    expect(errorOf(await train('no', '--weights', 'onto/model.onnx'))).toMatch(
      /use --backbone, and leave --weights out$/,
    );
    expect(await ended('none', '--size', '16', '--weights', 'none')).not.toContain('weights:');
  }, 240_000);

  it('trains on the features of a model of ours, and on those of a model that has been trained so', async () => {
    const cutOf = async (file: string) => {
      const { stdout } = await work.lookalike('cut-points', file, '--json');
      const points: { tensor: string; suggested: string | null }[] = JSON.parse(stdout).cutPoints;
      return points.find(({ suggested }) => suggested === 'features')!.tensor;
    };
    const demo = fileURLToPath(new URL('../../../../../models/demo/model.onnx', import.meta.url));
    for (const [model, run] of [
      [demo, 'on-demo'],
      [at('on-demo', 'model.onnx'), 'on-own'],
    ]) {
      const sized = small.filter((_, place) => place > 1);
      const argv = ['train', 'shapes', '-o', run, ...sized, '--backbone', model, '--cut', await cutOf(model)];
      const { code, stderr } = withoutProgress(await work.lookalike(...argv, '--feature-cache', 'features'));
      expect(code, stderr).toBe(0);
    }
    const [a, b] = ['shapes/arrow/1.png', 'shapes/bars/1.png'];
    const distance = async (second: string) =>
      JSON.parse((await work.lookalike('compare', a, second, '-m', 'on-own', '--json')).stdout).distance;
    expect(await distance(a)).toBe(0);
    expect(await distance(b)).toBeGreaterThan(0);
  }, 120_000);

  it.each([
    [['--backbone', 'mobile.onnx'], 1, /--cut has to say which of its tensors is used; the best is probably 'map'/],
    [['--backbone', 'mobile.onnx', '--cut', 'vector', '--cut-channels', '2'], 1, /has no axis 2: use 1 to 1/],
    [['--backbone', 'mobile.onnx', '--cut', 'mapp'], 1, /it computes no tensor 'mapp'; did you mean map\?/],
    [
      ['--backbone', 'blocked.onnx', '--cut', 'map', '--freeze', 'none'],
      1,
      /node 'block1_node' \(Selu\).*--freeze block1/,
    ],
    [
      ['--backbone', 'mobile.jpg', '--cut', 'map'],
      2,
      /^option '--backbone <name>' must be one of .*, or the path of an \.onnx/,
    ],
    [
      ['--feature-cache', 'here'],
      2,
      /^--feature-cache was given, but the preset small trains a network of its own.* give a network with --backbone/,
    ],
    [['--cut', 'map'], 2, /^option '--cut' is for an ONNX file as the backbone/],
    [['--backbone', 'mobile.onnx', '--cut', 'map', '--normalize', 'imagnet'], 2, /\(did you mean imagenet\?\)/],
    [
      ['--backbone', 'mobile.onnx', '--cut', 'map', '--normalize', '1,2,3/1,0,1'],
      2,
      /must be three means and three deviations/,
    ],
    [
      ['--backbone', 'mobile.onnx', '--cut', 'map', '--dropout', '0.5'],
      2,
      /^--dropout 0.5 was given, but the backbone is/,
    ],
  ] as const)('says in one line what is wrong with %j', async (argv, code, message) => {
    const finished = await work.lookalike('train', 'shapes', '-o', 'never', ...small, ...argv);
    expect(errorOf(finished)).toMatch(message);
    expect({ code: finished.code, stdout: finished.stdout }).toEqual({ code, stdout: '' });
  });
});
