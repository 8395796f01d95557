import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../../../test/fixtures/make-pictures.ts';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';
import { signalled } from '../../../../../test/support/signalled.ts';
import { tensorDigests } from '../../../../../test/support/tensor-digests.ts';
import { withoutProgress } from '../../../../../test/support/without-progress.ts';
import { loadModel } from '../../../../catalogue/embedding/embedder.ts';
import { readCheckpoint } from '../../../../training/loop/checkpoint.ts';

/** A busy machine is given its time. */
const patience = 240_000;

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
/** What makes a training small. */
const small = ['--size', '16', '--rows', '12', '--dimension', '8', '--threads', '1'];

beforeAll(async () => {
  work = await makeWorkplace();
  await makePictures(at('shapes'), { classes: 4, picturesPerClass: 8, size: 16 });
});
afterAll(() => work.remove());

const steps = async (run: string) =>
  (await readFile(at(run, 'log.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .flatMap((line) => (JSON.parse(line).kind === 'step' ? [JSON.parse(line).step] : []));
const upTo = (count: number) => Array.from({ length: count }, (_, step) => step + 1);

describe('lookalike train', () => {
  it(
    'learns from class folders, leaves out what cannot be read, and writes model, log and report',
    async () => {
      await makePictures(at('awkward "größe"'), { classes: 4, picturesPerClass: 8, size: 16 });
      await writeFile(at('awkward "größe"', 'bars', 'text.jpg'), 'only text');
      const argv = ['train', 'awkward "größe"', '-o', 'a run', ...small, '--steps', '6', '--held-out', '0.3'];
      // A rate so low that these few steps do not collapse.
      argv.push('--learning-rate', '0.00001');
      const { code, stdout, stderr } = withoutProgress(await work.spawned(...argv, '--json'));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const document = JSON.parse(stdout);
      expect(document).toEqual({
        folder: 'a run',
        model: path.join('a run', 'model.onnx'),
        report: path.join('a run', 'report.html'),
        ended: 'completed',
        step: 6,
        modelStep: expect.any(Number),
        images: 72,
        seconds: expect.any(Number),
        loaderImagesPerSecond: expect.any(Number),
        parameters: expect.any(Number),
        evaluation: expect.objectContaining({
          images: 8,
          classes: 4,
          measures: expect.objectContaining({ recallAt1: expect.any(Object), similarityPrecision: expect.any(Object) }),
        }),
        // Each is searched among all pictures of the run, those that were trained on, too.
        judged: { pictures: 8, classes: 4, queries: 8, gallery: 31 },
        whileTraining: expect.objectContaining({ images: 8, classes: 4, gallery: 7 }),
        baselines: [
          { name: 'raw pixels', measures: expect.objectContaining({ mapAtR: expect.any(Object) }) },
          { name: 'HOG', measures: expect.objectContaining({ mapAtR: expect.any(Object) }) },
          { name: 'packaged model', measures: expect.objectContaining({ mapAtR: expect.any(Object) }) },
        ],
        calibration: {
          refused: expect.stringMatching(/^calibration needs at least 100 pairs .* here are 4, 24 and 4: /),
        },
        findings: expect.any(Array),
        withoutClass: 0,
        negativesOnly: 0,
        tripletsLeftOut: 0,
        unreadable: [
          { id: 'bars/text.jpg', reason: expect.stringMatching(/^cannot read the image 'bars\/text.jpg': /) },
        ],
      });
      expect((await readdir(at('a run'))).sort()).toEqual([
        `best-${document.modelStep}.safetensors`,
        'checkpoint.safetensors',
        'config.json',
        'findings.json',
        'images.json',
        'log.jsonl',
        'model.onnx',
        'report.html',
      ]);
      expect(await steps('a run')).toEqual(upTo(6));
      expect(await readFile(at('a run', 'report.html'), 'utf8')).toMatch(
        /<title>[^<]+<[\s\S]*kept from training\.[\s\S]*6 steps[\s\S]*MAP@R/,
      );
      // The folder of a run is a model to the other commands.
      const compared = await work.lookalike(
        'compare',
        'shapes/arrow/1.png',
        'shapes/arrow/1.png',
        '-m',
        'a run',
        '--json',
      );
      expect(JSON.parse(compared.stdout).distance).toBe(0);
    },
    patience,
  );

  it(
    'learns the same with pixels in memory, on disk and decoded each time, and keeps them where it is told to',
    async () => {
      const learn = async (run: string, ...options: string[]) => {
        const argv = ['train', 'shapes', '-o', run, ...small, '--steps', '5', '--held-out', '0', ...options];
        const { code, stderr } = withoutProgress(await work.lookalike(...argv));
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(await readdir(at(run))).not.toContain('pixels');
        return (await readCheckpoint(at(run, 'checkpoint.safetensors'))).tensors;
      };
      const tensors = tensorDigests(await learn('in memory'));
      // Room for four of the pictures.
      expect(tensorDigests(await learn('on disk', '--cache', '4KB'))).toEqual(tensors);
      expect(tensorDigests(await learn('each time', '--cache', '0', '--disk-cache', '0'))).toEqual(tensors);
      for (const run of ['kept', 'kept again']) {
        expect(tensorDigests(await learn(run, '--cache', '4KB', '--keep-pixels', 'prepared'))).toEqual(tensors);
        // A head of 40 bytes each; the second run finds all of them.
        const files = await readdir(at('prepared'));
        expect(files.length).toBe(1);
        expect((await stat(at('prepared', files[0]))).size).toBe(32 * (40 + 16 * 16 * 3));
      }
    },
    patience,
  );

  it(
    'learns a second part of the embedding from oriented gradients, which the model file has, too',
    async () => {
      const argv = ['train', 'shapes', '-o', 'contours', ...small, '--hog', '--steps', '3', '--held-out', '0'];
      const { code, stdout } = await work.lookalike(...argv);
      expect(code).toBe(0);
      expect(stdout).toContain('8 dimensions, half of them of oriented gradients; loss supcon');
      const model = await loadModel(at('contours', 'model.onnx'));
      const vector = await model.embedImage({ kind: 'file', path: at('shapes', 'bars', '1.png') });
      await model.close();
      expect(Math.hypot(...vector.subarray(0, 4))).toBeCloseTo(Math.SQRT1_2, 5);
      expect(Math.hypot(...vector.subarray(4))).toBeCloseTo(Math.SQRT1_2, 5);
    },
    patience,
  );

  it.each([
    ['--disk-cache', 'much', "option '--disk-cache <size>'", 'must be a size such as 800MB or 4GB'],
    ['--keep-pixels', '', "option '--keep-pixels <folder>'", 'must name a folder'],
  ])('refuses %s %j', async (option, value, ...said) => {
    const refused = await work.lookalike('train', 'shapes', '-o', 'never', option, value);
    expect(refused.code).toBe(2);
    for (const text of said) expect(refused.stderr).toContain(text);
  });

  it(
    'saves and stops at Ctrl-C, keeps that on a full disk, and goes on with --resume',
    async () => {
      const argv = ['train', 'shapes', '-o', 'it s', ...small, '--steps', '60', '--held-out', '0'];
      const plan = { signal: 'SIGINT', file: at('it s', 'log.jsonl'), holds: /"step":2,/ } as const;
      const stopped = withoutProgress(await signalled(work.folder, plan, ...argv));
      expect(stopped.code).toBe(130);
      expect(stopped.stdout).toMatch(
        /^32 pictures to learn from; none kept to judge by\nsmall at 16 x 16, .*; seed 0\nrun: it s\n$/,
      );
      const [, step] =
        /^stopped by SIGINT after step (\d+), which is saved; go on with: lookalike train shapes -o 'it s' --resume$/.exec(
          errorOf(stopped),
        ) ?? [];
      expect(Number(step)).toBeGreaterThanOrEqual(2);
      expect(await steps('it s')).toEqual(upTo(Number(step)));
      const left = await readdir(at('it s'));
      expect(left).not.toContain('model.onnx');
      expect(left).not.toContain('lock.json');
      const saved = await readFile(at('it s', 'checkpoint.safetensors'));

      const resumed = ['train', 'shapes', '-o', 'it s', '--resume'];
      const holder = { process: process.pid, machine: hostname(), since: 'today' };
      await writeFile(at('it s', 'lock.json'), JSON.stringify(holder));
      expect(errorOf(withoutProgress(await work.lookalike(...resumed)))).toBe(
        `'it s' is being trained by process ${process.pid} since today: wait for its end or stop it; if it is something else, remove 'it s/lock.json'`,
      );
      await rm(at('it s', 'lock.json'));
      const full = withoutProgress(await work.spawnedOnFullDisk(Math.floor(saved.length / 2048), ...resumed));
      expect(full.code).toBe(1);
      expect(errorOf(full)).toMatch(/^cannot write 'it s\/checkpoint.safetensors': the file would be larger than/);
      expect((await readFile(at('it s', 'checkpoint.safetensors'))).equals(saved)).toBe(true);

      const finished = withoutProgress(await work.spawned(...resumed));
      expect({ code: finished.code, stderr: finished.stderr }).toEqual({ code: 0, stderr: '' });
      expect(finished.stdout).toMatch(
        /\ndone: 60 steps, 720 images through the network, .* s \(\d+ images\/s; loading them alone: \d+ images\/s\)\nmodel: .*\nreport: .*\nnext: lookalike index .*shapes --model 'it s\/model.onnx'\n$/,
      );
      expect(await steps('it s')).toEqual(upTo(60));
    },
    patience,
  );

  it(
    'learns from a CSV of triplets, and judges itself by those it keeps',
    async () => {
      const made = await work.lookalike(
        'triplets',
        'shapes',
        '-o',
        'triplets.csv',
        '--positives',
        '3',
        '--negatives',
        '1',
      );
      expect(made.code).toBe(0);
      const argv = ['train', 'triplets.csv', '-o', 'by triplets', ...small, '--epochs', '1', '--held-out', '0.2'];
      const { code, stdout, stderr } = withoutProgress(await work.lookalike(...argv));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(
        /pictures to learn from; 18 triplets kept to judge by\nsmall .* loss hinge; 20 steps of 12 images/,
      );
      expect(stdout).toMatch(
        /kept: the state after step \d+ of 20.*\non 18 triplets of \d+ queries\.\n.*pixels +HOG +packaged\nsimilarity precision +\d+\.\d%/,
      );
      const config = JSON.parse(await readFile(at('by triplets', 'config.json'), 'utf8'));
      expect(config.loss).toEqual({ kind: 'hinge', gap: 0.2, distance: 'squared-euclidean' });
      const judged = await work.lookalike('evaluate', 'triplets.csv', '-m', 'by triplets', '--json');
      expect(JSON.parse(judged.stdout).evaluation.measures.similarityPrecision.value).toBeGreaterThan(0.5);
    },
    patience,
  );

  it.each([
    [
      ['shapes', '--epoch', '3'],
      2,
      /^unknown option '--epoch' \(did you mean --epochs\?\); see 'lookalike train --help'$/,
    ],
    [
      ['shapes', '--loss', 'triplet'],
      2,
      /^option '--loss <name>' must be one of supcon, semi-hard, .*, batch-mean-hinge \(did you mean semi-hard, or hinge\?\), got 'triplet'/,
    ],
    [['shapes', '--loss', 'softmargin'], 2, /batch-mean-hinge \(did you mean soft-margin\?\), got 'softmargin'/],
    [
      ['shapes', '--loss', 'hinge', '--miner', 'batchhard'],
      2,
      /^option '--miner <name>' .* \(did you mean batch-hard\?\)/,
    ],
    [
      ['shapes', '--loss-settings', 'alpha=2,beta'],
      2,
      /^option '--loss-settings <list>' must be names and .*'beta' is/,
    ],
    [['shapes', '--loss-settings', 'alpha=2,alpha=3'], 2, /alpha is there twice/],
    [['shapes', '--miner', 'batch-hard'], 2, /^--miner batch-hard was given, but the loss supcon has no miner/],
    [['shapes', '--gap', '0'], 2, /^option '--gap, --margin <g>' must be a number above 0, got '0'/],
    [['shapes', '--learning-rate', '0'], 2, /^option '--learning-rate, --lr <rate>' must be a number above 0/],
    [['shapes', '--dropout', '1'], 2, /^option '--dropout <share>' must be a share below 1, got '1'/],
    [['shapes', '--held-out', '0.95'], 2, /^option '--held-out, --val-split <share>' must be a share from 0 to 0.9/],
    [['shapes', '--memory', 'much'], 2, /^option '--memory <size>' must be a size such as 800MB or 4GB/],
    [['shapes', '--loss', 'supcon', '--gap', '1'], 2, /^--gap 1 was given, but the loss supcon has no gap/],
    [['shapes', '--loss', 'hinge', '--gap', '5'], 2, /^the gap g = 5 is beyond 4/],
    [
      ['shapes', '--memory', '1MB'],
      1,
      /^a step of 32 rows takes about .* it cannot be cut into slices, for batch norm/,
    ],
    [['shapes', '--size', '8'], 2, /^low-resolution path 'path2' would shrink a picture of 8 x 8 to one place/],
    [
      ['shapes', '--provider', 'gpu'],
      2,
      /^option '--provider <name>' must be .* \(did you mean cuda or webgpu\?\), got 'gpu'/,
    ],
    [['shapes', '--provider', 'MPS'], 2, /\(did you mean webgpu\?\), got 'MPS'/],
    [['shapes', '--batch-size', '8'], 2, /^unknown option '--batch-size': here it is --rows; see/],
    [['shapes', '--margin', 'x'], 2, /^option '--gap, --margin <g>' must be a number above 0, got 'x'/],
    [['-o', 'new'], 2, /^missing required argument 'images'; see 'lookalike train --help'/],
    [['-o', 'nothing', '--resume'], 1, /^there is no training run to resume in 'nothing'/],
    [['missing'], 1, /^there is nothing at '.*missing': check the path/],
    [['empty'], 1, /empty/],
    [['one'], 1, /^the images in 'one' are all of one class, 'arrow'/],
    [['shapes/arrow'], 1, /^the images in 'shapes\/arrow' have no classes/],
    [['broken'], 1, /^none of the 2 images in '.*broken' can be read; the first, 'a\/1.png': /],
    [
      ['shapes', '-o', 'shapes/arrow/1.png/run'],
      1,
      /^cannot make 'shapes\/arrow\/1.png\/run': a part of its path is a file/,
    ],
    [['shapes', '-o', 'shapes/arrow/1.png'], 1, /^cannot make 'shapes\/arrow\/1.png'/],
    [['shapes', '-o', 'damaged'], 1, /^'damaged' holds a training run: continue it with --resume, or choose another/],
    [['shapes', '-o', 'damaged', '--resume'], 1, /^'damaged\/config.json' is not JSON: .*; bring it back/],
    [['shapes', '-o', 'nothing', '--resume'], 1, /^there is no training run to resume in 'nothing'/],
    [['none.csv'], 1, /^none of the 3 images in '.*none.csv' can be read; the first, 'a.png': there is no such file/],
  ] as const)('says in one line what is wrong with %j', async (argv, code, message) => {
    await mkdir(at('empty'), { recursive: true });
    await makePictures(at('one'), { classes: 1, picturesPerClass: 2, size: 8 });
    await mkdir(at('broken', 'a'), { recursive: true });
    await mkdir(at('broken', 'b'), { recursive: true });
    for (const name of ['a', 'b']) await writeFile(at('broken', name, '1.png'), 'text');
    await mkdir(at('damaged'), { recursive: true });
    await writeFile(at('damaged', 'config.json'), '{');
    await writeFile(at('none.csv'), 'query,positive,negative\na.png,b.png,c.png\n');
    const finished = await work.lookalike('train', ...argv);
    expect(errorOf(finished)).toMatch(message);
    expect({ code: finished.code, stdout: finished.stdout }).toEqual({ code, stdout: '' });
    await rm(at('run'), { recursive: true, force: true });
  });
});
