import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from '../../../test/support/lookalike.ts';
import { makePipe, makeSpecialFiles } from '../../../test/support/special-files.ts';

let work: Workplace;
let end: () => void;
const at = (...names: string[]) => path.join(work.folder, ...names);
const [a, b] = ['pictures/arrow/1.png', 'pictures/bars/2.png'];
beforeAll(async () => {
  work = await makeWorkplace();
  for (const name of ['p', 'p.onnx', 'p.csv', 'p.safetensors', 'p.h5', 'run.config']) makePipe(at(name));
  await mkdir(at('run'));
  makePipe(at('run', 'config.json'));
  await mkdir(at('idx'));
  makePipe(at('idx', 'train-images-idx3-ubyte'));
  makePipe(at('idx', 'train-labels-idx1-ubyte'));
  await writeFile(at('list.csv'), `image,label\np,x\n${a},x\n${b},y\n`);
  await mkdir(at('odd', 'c'), { recursive: true });
  for (const name of ['arrow', 'bars']) await copyFile(at('pictures', name, '1.png'), at('odd', 'c', `${name}.png`));
  await mkdir(at('odd', '@eaDir'));
  await copyFile(at(a), at('odd', '@eaDir', 'thumbnail.jpg'));
  await symlink('/nowhere', at('odd', 'disk'));
  end = await makeSpecialFiles(at('odd', 'c'), '.png');
});
afterAll(async () => {
  end();
  await work.remove();
});

describe('what is no ordinary file', () => {
  it.each([
    [['compare', a, b, '-m', 'p.onnx'], 'p.onnx'],
    [['inspect', 'p.csv'], 'p.csv'],
    [['inspect', 'idx'], 'train-images-idx3-ubyte'],
    [['evaluate', 'p.csv', '-m', 'model.onnx'], 'p.csv'],
    [['evaluate', 'pictures', '--triplets', 'p.csv', '-m', 'model.onnx'], 'p.csv'],
    [['cut-points', 'p.onnx'], 'p.onnx'],
    [['doctor', 'run'], 'config.json'],
    [['train', '-o', 'run', '--resume', 'pictures'], 'config.json'],
    [['train', 'p.csv', '-o', 'new'], 'p.csv'],
    [['train', 'pictures', '-o', 'new', '--backbone', 'p.onnx', '--cut', 'x'], 'p.onnx'],
    [['train', 'pictures', '-o', 'new', '--backbone', 'vgg16', '--weights', 'p.safetensors'], 'p.safetensors'],
    [['train', 'pictures', '-o', 'new', '--backbone', 'vgg16', '--weights', 'p.h5'], 'p.h5'],
    [['train', 'pictures', '-o', 'new', '--sampler', 'relevance', '--relevance', 'pairs:p.csv'], 'p.csv'],
  ])('is refused by name, and not waited for: %j', async (argv, name) => {
    const { code, stderr } = await work.lookalike(...argv);
    expect(code).toBe(1);
    expect(stderr).toMatch(/it is (a named pipe, )?not an ordinary file/);
    expect(stderr).toContain(name);
  });

  it('is an unreadable image where a table names it', async () => {
    const { code, stdout } = await work.lookalike('inspect', 'list.csv');
    expect(code).toBe(0);
    expect(stdout).toContain('  p: it is a named pipe, not an ordinary file; copy its content into one');
  });

  it('is passed over in a folder, and told', async () => {
    const { code, stdout } = await work.lookalike('inspect', 'odd');
    expect(code).toBe(0);
    expect(stdout).toContain('2 images; 1 class\n');
    expect(stdout).toContain(
      'passed over: 7\n  @eaDir/: thumbnails that a Synology makes\n  c/device.png: it is a device,',
    );
    expect(stdout).toContain('  disk: it is a link to nothing; remove it, or bring back what it links to');
    const document = JSON.parse((await work.lookalike('inspect', 'odd', '--json')).stdout);
    expect(document.passedOver).toHaveLength(7);
    expect(document.passedOver[0]).toEqual({
      id: '@eaDir/',
      kind: 'system',
      reason: 'thumbnails that a Synology makes',
    });
  });

  it('is warned of by index, which goes on', async () => {
    const { code, stdout, stderr } = await work.lookalike(
      'index',
      'odd',
      '-s',
      'odd.lance',
      '-m',
      'model.onnx',
      '--json',
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /warning: 6 folders and files in 'odd' could not be looked into: 'c\/device.png' \(it is a device, .*and more \('lookalike inspect' lists all\)/,
    );
    expect(JSON.parse(stdout)).toMatchObject({ images: 2, added: 2, outOfSight: 0, unreadable: [] });
  });
});

describe('a pipe that is named', () => {
  it('is read by compare and by search', async () => {
    const pipe = `exec 9< <(cat ${a})`;
    const same = await work.limited(pipe, 'compare', '/dev/fd/9', a, '-m', 'model.onnx', '--json');
    expect(JSON.parse(same.stdout).distance).toBe(0);
    await work.lookalike('index', 'pictures', '-s', 'all.lance', '-m', 'model.onnx');
    const found = await work.limited(pipe, 'search', '/dev/fd/9', '-s', 'all.lance', '-m', 'model.onnx', '--json');
    expect(JSON.parse(found.stdout).results[0]).toMatchObject({ id: 'arrow/1.png', distance: 0 });
  });

  it('is not waited for where nobody writes', async () => {
    const began = performance.now();
    const { code, stderr } = await work.spawned('compare', 'p', a, '-m', 'model.onnx');
    expect(code).toBe(1);
    expect(stderr).toContain("'p': nothing has come out of the pipe for 5 seconds; give an ordinary file");
    expect(performance.now() - began).toBeLessThan(60_000);
  });
});

describe('a folder of training and test IDX files', () => {
  it('is inspected as one part, which is said with the name of the other', async () => {
    await mkdir(at('mnist'));
    for (const [part, count] of [
      ['train', 3],
      ['t10k', 2],
    ] as const) {
      const images = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 1, 0, 0, 0, 1, ...Array(count).fill(9)];
      await writeFile(at('mnist', `${part}-images-idx3-ubyte`), Uint8Array.from(images));
      await writeFile(
        at('mnist', `${part}-labels-idx1-ubyte`),
        Uint8Array.from([0, 0, 8, 1, 0, 0, 0, count, ...Array(count).fill(1)]),
      );
    }
    const train = (await work.lookalike('inspect', 'mnist')).stdout;
    expect(train).toContain(`3 images; 1 class\nthis is its part 'train'\nits part 'test': ${at('mnist')}#test\n`);
    const test = (await work.lookalike('inspect', 'mnist#test')).stdout;
    expect(test).toContain(`2 images; 1 class\nthis is its part 'test'\nits part 'train': ${at('mnist')}#train\n`);
  });
});
