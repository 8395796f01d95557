import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../test/support/lookalike.ts';
import { loadModel } from '../../../catalogue/embedding/embedder.ts';
import { splitByClassHash } from '../../../pictures/datasets/split.ts';
import { euclidean } from '../../../ranking/distances/euclidean.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
  await writeFile(at('pictures', 'disc', 'broken.jpg'), 'text');
});
afterAll(() => work.remove());

const classes = ['arrow', 'bars', 'cross', 'disc'];

describe('lookalike evaluate', () => {
  it('counts what the nearest neighbours by hand say', async () => {
    const finished = await work.lookalike(
      'evaluate',
      'pictures',
      '-m',
      'model.onnx',
      '--baselines',
      '--at',
      '1,2',
      '--json',
    );
    expect({ code: finished.code, stderr: finished.stderr }).toEqual({ code: 0, stderr: '' });
    const { evaluation, baselines, unreadable } = JSON.parse(finished.stdout);
    expect(evaluation).toMatchObject({ images: 12, classes: 4, queries: 12 });
    expect(unreadable).toMatchObject([{ id: 'disc/broken.jpg' }]);
    const embedder = await loadModel(at('model.onnx'));
    const images = await Promise.all(
      classes.flatMap((name) =>
        [1, 2, 3].map(async (number) => ({
          name,
          vector: await embedder.embedImage({ kind: 'file', path: at('pictures', name, `${number}.png`) }),
        })),
      ),
    );
    await embedder.close();
    const nearestIsAlike = images.filter((query) => {
      const others = images.filter((image) => image !== query);
      const distance = (image: (typeof images)[number]) => euclidean.between(query.vector, image.vector);
      return others.sort((a, b) => distance(a) - distance(b))[0].name === query.name;
    });
    expect(evaluation.measures.recallAt1.value).toBeCloseTo(nearestIsAlike.length / 12, 10);
    expect(Object.keys(evaluation.measures)).toContain('precisionAt2');
    expect(baselines.rawPixels).toMatchObject({ images: 12, dimension: 16 * 16 * 3 });
    expect(baselines.hog).toMatchObject({ images: 12, dimension: 9 * 9 * 4 });
    expect(baselines.packaged).toMatchObject({ images: 12, dimension: 256 });
    for (const report of [evaluation, ...Object.values<typeof evaluation>(baselines)]) {
      expect(report.intervals.over).toBe('classes');
    }
  });

  it('prints a table, and can judge on one half of the classes', async () => {
    const { code, stdout, stderr } = await work.lookalike(
      'evaluate',
      'pictures',
      '-m',
      'model.onnx',
      '--classes',
      'test',
      '--at',
      '1',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^model: .*\n$/) });
    const { test } = splitByClassHash(classes);
    expect(stdout).toMatch(
      /^6 images of 2 classes, 6 of them queries\n {2,}model {2,}95% interval\nRecall@1 .*\nprecision@1 .*\nR-precision .*\nMAP@R .*\nsimilarity precision .*\n/,
    );
    expect(stdout.includes('broken.jpg')).toBe(test.includes('disc'));
  });

  it('judges by the triplets of a file', async () => {
    const rows = ['arrow/1.png,arrow/1 copy.png,bars/1.png', 'arrow/1.png,bars/1.png,disc/broken.jpg'];
    const header = 'query,positive,negative';
    await writeFile(at('triplets.csv'), [header, ...rows.map((row) => row.replace(/^|,/g, '$&pictures/'))].join('\n'));
    const missing = await work.lookalike('evaluate', 'triplets.csv', '-m', 'model.onnx');
    expect(missing.code).toBe(1);
    expect(errorOf(missing)).toMatch(
      /none of the 2 triplets in 'triplets.csv' has three images that can be read; the first that cannot: .*1 copy.png/,
    );
    await writeFile(
      at('triplets.csv'),
      `${header}\npictures/arrow/1.png,pictures/arrow/2.png,pictures/bars/1.png\npictures/arrow/1.png,pictures/arrow/2.png,no.png\n`,
    );
    const finished = await work.lookalike('evaluate', 'triplets.csv', '-m', 'model.onnx', '--json');
    const embedder = await loadModel(at('model.onnx'));
    const [q, p, n] = await Promise.all(
      ['arrow/1', 'arrow/2', 'bars/1'].map((id) =>
        embedder.embedImage({ kind: 'file', path: at('pictures', `${id}.png`) }),
      ),
    );
    await embedder.close();
    const right = euclidean.between(q, p) < euclidean.between(q, n) ? 1 : 0;
    expect(JSON.parse(finished.stdout)).toMatchObject({
      evaluation: { triplets: 1, queries: 1, measures: { similarityPrecision: { value: right } } },
      skipped: 1,
      unreadable: [{ id: at('no.png') }],
    });
  });

  it.each([
    ['a missing folder', 'nowhere', /there is nothing at '.*nowhere'/],
    ['an empty folder', 'empty', /'.*empty'/],
    ['a folder of one class', 'pictures/disc', /none of the 4 images in '.*disc' has a class/],
    ['one class folder', 'single', /at least two classes/],
    ['a text file', 'text.txt', /text.txt/],
  ])('explains %s in one line', async (_, images, message) => {
    await mkdir(at('empty'), { recursive: true });
    await mkdir(at('single', 'only'), { recursive: true });
    const picture = await import('node:fs/promises').then(({ readFile }) => readFile(at('pictures', 'disc', '1.png')));
    for (const name of ['a.png', 'b.png']) await writeFile(at('single', 'only', name), picture);
    await writeFile(at('text.txt'), 'text');
    const finished = await work.lookalike('evaluate', images, '-m', 'model.onnx');
    expect(finished.code).toBe(1);
    expect(errorOf(finished)).toMatch(message);
  });

  it('explains a model file of another kind in one line', async () => {
    const finished = await work.lookalike('evaluate', 'pictures', '-m', 'pictures/disc/1.png');
    expect(finished.code).toBe(1);
    expect(errorOf(finished)).toMatch(/cannot use 'pictures\/disc\/1.png' as a model: not an ONNX file/);
  });
});
