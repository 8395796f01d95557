import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mobileNetwork } from '../../../../test/fixtures/foreign-networks.ts';
import { errorOf, makeWorkplace, type Workplace } from '../../../../test/support/lookalike.ts';
import { loadModel } from '../../../catalogue/embedding/embedder.ts';
import { packagedModel } from '../../../foundation/packaged-model.ts';
import { splitByClassHash } from '../../../pictures/datasets/split.ts';
import { manhattan } from '../../../ranking/distances/manhattan.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
});
afterAll(() => work.remove());

async function document(...argv: string[]) {
  const { code, stdout, stderr } = await work.lookalike(...argv, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

const classes = ['arrow', 'bars', 'cross', 'disc'];
const names = classes.flatMap((name) => [1, 2, 3].map((number) => `${name}/${number}.png`));

describe('lookalike evaluate --distance and --binary', () => {
  it('ranks by the distance that was asked for', async () => {
    const { evaluation } = await document('evaluate', 'pictures', '-m', 'model.onnx', '--distance', 'manhattan');
    const embedder = await loadModel(at('model.onnx'));
    const images = await Promise.all(
      names.map(async (name) => ({
        name: name.split('/')[0],
        vector: await embedder.embedImage({ kind: 'file', path: at('pictures', name) }),
      })),
    );
    await embedder.close();
    const alike = images.filter((query) => {
      const others = images.filter((image) => image !== query);
      const distance = (image: (typeof images)[number]) => manhattan.between(query.vector, image.vector);
      return others.sort((a, b) => distance(a) - distance(b))[0].name === query.name;
    });
    expect(evaluation).toMatchObject({ distance: 'manhattan', queries: 12 });
    expect(evaluation.measures.recallAt1.value).toBeCloseTo(alike.length / 12, 12);
  });

  it('reports signs beside floats, and what both take', async () => {
    const found = await document('evaluate', 'pictures', '-m', 'model.onnx', '--binary');
    expect(found.evaluation.distance).toBe('euclidean');
    expect(found.binary).toMatchObject({ distance: 'hamming', queries: 12 });
    expect(found.bytesPerVector).toEqual({ float: 96, binary: 3 });
    const alone = await document('evaluate', 'pictures', '-m', 'model.onnx', '--distance', 'hamming');
    expect(found.binary.measures).toEqual(alone.evaluation.measures);
    const { stdout } = await work.lookalike('evaluate', 'pictures', '-m', 'model.onnx', '--binary');
    expect(stdout).toMatch(/\n {2,}model {2,}95% interval {2,}binary\nRecall@1 .*%\n/);
    expect(stdout).toMatch(/\na vector takes 96 bytes, binary 3\n/);
  });
});

describe('lookalike evaluate --against', () => {
  it('gives both models what each gets alone, and the difference its own interval', async () => {
    const found = await document('evaluate', 'pictures', '-m', 'model.onnx', '--against', 'other.onnx', '--at', '1,2');
    const one = await document('evaluate', 'pictures', '-m', 'model.onnx', '--at', '1,2');
    const other = await document('evaluate', 'pictures', '-m', 'other.onnx', '--at', '1,2');
    expect(Object.keys(found.comparison.measures).sort()).toEqual(Object.keys(one.evaluation.measures).sort());
    for (const [key, pair] of Object.entries<Record<string, { value: number; low: number; high: number }>>(
      found.comparison.measures,
    )) {
      expect(pair['first']).toEqual(one.evaluation.measures[key]);
      expect(pair['second']).toEqual(other.evaluation.measures[key]);
      expect(pair['difference'].value).toBeCloseTo(pair['first'].value - pair['second'].value, 12);
      expect(pair['difference'].low).toBeLessThanOrEqual(pair['difference'].high);
    }
    expect(found).toMatchObject({ model: { path: 'model.onnx' }, against: { path: 'other.onnx' } });
    const { stdout } = await work.lookalike('evaluate', 'pictures', '-m', 'model.onnx', '--against', 'other.onnx');
    expect(stdout).toMatch(/^A: model.onnx\nB: other.onnx\n {2,}A {2,}B {2,}A - B {2,}95% interval\n/m);
    // The document names the models where the text has their letters.
    const spoken = found.conclusion.replaceAll('model.onnx', 'A').replaceAll('other.onnx', 'B');
    expect(stdout).toContain(`\n${spoken}\n`);
    for (const line of stdout.split('\n')) if (line !== spoken) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('has what needs no training beside two models, the same as beside one', async () => {
    const argv = ['evaluate', 'pictures', '-m', 'model.onnx', '--baselines'];
    const alone = await document(...argv);
    const two = await document(...argv, '--against', 'other.onnx');
    expect(two.baselines).toEqual(alone.baselines);
    expect(two.comparison).toEqual(
      (await document('evaluate', 'pictures', '-m', 'model.onnx', '--against', 'other.onnx')).comparison,
    );
    const { stdout } = await work.lookalike(...argv, '--against', 'other.onnx');
    expect(stdout).toMatch(/\n {2,}A {2,}B {2,}A - B {2,}95% interval\n/);
    expect(stdout).toMatch(/\n {2,}pixels {2,}HOG {2,}packaged\nRecall@1 /);
  });

  it('says that a model and its copy differ by chance at most', async () => {
    await copyFile(at('model.onnx'), at('copy.onnx'));
    const { stdout } = await work.lookalike('evaluate', 'pictures', '-m', 'model.onnx', '--against', 'copy.onnx');
    expect(stdout).toMatch(/ 0\.0 {2,}0\.0 to 0\.0\n/);
    expect(stdout).toMatch(
      /\nEvery difference between A and B could be chance: the intervals of all of them hold 0.\n/,
    );
  });
});

describe('lookalike evaluate --backbone', () => {
  beforeAll(() => writeFile(at('mobile.onnx'), mobileNetwork({ size: 16 })));

  it('judges the untouched features of a network beside the model', async () => {
    const argv = ['evaluate', 'pictures', '-m', 'model.onnx', '--baselines', '--backbone', 'mobile.onnx'];
    const found = await document(...argv, '--cut', 'map');
    expect(found.baselines.untouched).toMatchObject({ images: 12, dimension: 16, queries: 12 });
    // The network pools its last map itself.
    const pooled = await document(...argv, '--cut', 'vector');
    expect(pooled.baselines.untouched.measures).toEqual(found.baselines.untouched.measures);
    expect(pooled.baselines.packaged).toEqual(found.baselines.packaged);
    const { stdout } = await work.lookalike(...argv, '--cut', 'map');
    expect(stdout).toMatch(/\n {2,}model {2,}95% interval {2,}pixels {2,}HOG {2,}packaged {2,}untouched\n/);
    const uncut = await work.lookalike(...argv);
    expect(errorOf(uncut)).toMatch(/--cut/);
  });

  it('takes the backbone of the run that the model lies in, and the packaged model not beside itself', async () => {
    const train = [
      'train',
      'pictures',
      '-o',
      'mobile run',
      '--backbone',
      'mobile.onnx',
      '--cut',
      'map',
      '--steps',
      '2',
    ];
    const options = ['--paths', 'none', '--held-out', '0', '--feature-cache', at('features')];
    const trained = await work.lookalike(...train, ...options);
    expect(trained).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') });
    const own = await document('evaluate', 'pictures', '-m', 'mobile run', '--baselines');
    const named = await document(
      'evaluate',
      'pictures',
      '-m',
      'model.onnx',
      '--baselines',
      '--backbone',
      'mobile.onnx',
      '--cut',
      'map',
    );
    expect(own.baselines.untouched.measures).toEqual(named.baselines.untouched.measures);
    const packaged = await document('evaluate', 'pictures', '-m', packagedModel, '--baselines');
    expect(Object.keys(packaged.baselines)).toEqual(['rawPixels', 'hog']);
  });
});

describe('lookalike evaluate with triplets', () => {
  beforeAll(async () => {
    const rows = [
      'pictures/arrow/1.png,pictures/arrow/2.png,pictures/bars/1.png',
      'pictures/arrow/1.png,pictures/arrow/3.png,pictures/arrow/2.png',
      'pictures/disc/1.png,pictures/disc/2.png,pictures/cross/1.png',
    ];
    await writeFile(at('triplets.csv'), `query,positive,negative\n${rows.join('\n')}\n`);
  });

  it('takes the images as the gallery, and their classes as categories', async () => {
    const found = await document(
      'evaluate',
      'pictures',
      '-m',
      'model.onnx',
      '--triplets',
      'triplets.csv',
      '--score-at',
      '2',
    );
    const { measures, scoreAtTopK, triplets } = found.evaluation;
    expect(triplets).toBe(3);
    const { similarityPrecision, inClassPrecision, outOfClassPrecision } = measures;
    // Query arrow/1 has one triplet of each kind, disc/1 one out of class.
    expect(3 * similarityPrecision.value).toBeCloseTo(inClassPrecision.value + 2 * outOfClassPrecision.value, 12);
    // A query has two others of its category: all of its positives are among the two nearest.
    expect(scoreAtTopK).toMatchObject({ k: 2, counted: 3 });
    const wrong = 3 - 3 * similarityPrecision.value;
    expect(scoreAtTopK.value).toBeCloseTo(3 - 2 * wrong, 12);
    const alone = await document('evaluate', 'triplets.csv', '-m', 'model.onnx', '--score-at', '30');
    expect(alone.evaluation.measures.similarityPrecision).toEqual(similarityPrecision);
    expect(Object.keys(alone.evaluation.measures)).toEqual(['similarityPrecision']);
    expect(alone.evaluation.scoreAtTopK).toMatchObject({ k: 30, counted: 3 });
    const { stdout } = await work.lookalike('evaluate', 'triplets.csv', '-m', 'model.onnx');
    expect(stdout).toMatch(/\nscore-at-top-30 {2}-?\d \s*\(95% interval .*\), of 3 triplets that count\n/);
  });

  it('compares two models on them', async () => {
    const found = await document('evaluate', 'triplets.csv', '-m', 'model.onnx', '--against', 'other.onnx');
    const other = await document('evaluate', 'triplets.csv', '-m', 'other.onnx');
    expect(found.comparison.measures.similarityPrecision.second).toEqual(other.evaluation.measures.similarityPrecision);
    const { first, second, difference } = found.comparison.scoreAtTopK;
    expect(second.value).toBeCloseTo(other.evaluation.scoreAtTopK.value, 12);
    expect(difference.value).toBeCloseTo(first.value - second.value, 12);
    const text = await work.lookalike('evaluate', 'triplets.csv', '-m', 'model.onnx', '--against', 'other.onnx');
    expect(text.stdout).toMatch(/\nscore-at-top-30 .* against .*\n {2}difference -?\d/);
  });

  it('refuses triplets of other images', async () => {
    await writeFile(at('other.csv'), 'query,positive,negative\npictures/arrow/1.png,pictures/arrow/2.png,no.png\n');
    const finished = await work.lookalike('evaluate', 'pictures', '-m', 'model.onnx', '--triplets', 'other.csv');
    expect(finished.code).toBe(1);
    expect(errorOf(finished)).toMatch(/'other.csv' names '.*no.png', which is not among the 12 images in '.*pictures'/);
  });
});

describe('lookalike evaluate --leak-proof', () => {
  it('moves a class that shares a picture with the other half, and says so', async () => {
    const { train, test } = splitByClassHash(classes);
    const clean = await document('evaluate', 'pictures', '-m', 'model.onnx', '--classes', 'test', '--leak-proof');
    expect(clean.moved).toEqual({ classes: [], images: 0, leakingGroups: 0 });
    await copyFile(at('pictures', train[0], '1.png'), at('pictures', test[0], 'copy.png'));
    const found = await document('evaluate', 'pictures', '-m', 'model.onnx', '--classes', 'train', '--leak-proof');
    expect(found.moved).toEqual({ classes: [test[0]], images: 4, leakingGroups: 1 });
    expect(found.evaluation).toMatchObject({ classes: 3, images: 10 });
    const { stdout } = await work.lookalike(
      'evaluate',
      'pictures',
      '-m',
      'model.onnx',
      '--classes',
      'train',
      '--leak-proof',
    );
    expect(stdout).toMatch(
      /^1 picture in both halves of the classes, or nearly so: 1 class with 4 images moved to the other half\n/,
    );
  });
});

describe('lookalike evaluate refuses', () => {
  it.each([
    ['a leak-proof split of nothing', ['pictures', '--leak-proof'], /--leak-proof divides the classes in two halves/],
    ['signs of two models', ['pictures', '--against', 'other.onnx', '--binary'], /--binary and --against both/],
    ['baselines by triplets', ['triplets.csv', '--baselines'], /it judges by classes, not by triplets/],
    ['a backbone that nobody judges', ['pictures', '--backbone', 'mobile.onnx'], /give --baselines, too/],
    [
      'a cut of no backbone',
      ['pictures', '--baselines', '--cut', 'map'],
      /'--cut' is for an ONNX file as the backbone/,
    ],
    [
      'a backbone that is no network',
      ['pictures', '--baselines', '--backbone', 'small'],
      /an \.onnx file or what lookalike backbones names, got 'small'/,
    ],
    ['an unknown distance', ['pictures', '--distance', 'manhatan'], /must be one of .* \(did you mean manhattan\?\)/],
  ])('%s', async (_, argv, message) => {
    const finished = await work.lookalike('evaluate', ...argv, '-m', 'model.onnx');
    expect(finished.code).toBe(2);
    expect(errorOf(finished)).toMatch(message);
  });
});
