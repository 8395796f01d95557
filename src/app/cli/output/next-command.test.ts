import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { somePicture } from '../input/some-picture.ts';
import { nextCommand } from './next-command.ts';

it('is taken by a shell as the words that it was made of', () => {
  const words = ['index', 'my pictures', "it's", '$HOME `x` "y"', 'größe*', '-k', ''];
  const line = nextCommand(...words);
  expect(line).toMatch(/^next: lookalike /);
  const said = execFileSync('bash', ['-c', `printf '%s\\n' ${line.replace('next: lookalike ', '')}`], {
    encoding: 'utf8',
  });
  expect(said.split('\n').slice(0, -1)).toEqual(words);
});

it('names some picture of a folder, below other folders too', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lookalike-some-'));
  const at = (...names: string[]) => path.join(folder, ...names);
  try {
    expect(await somePicture(folder)).toBeUndefined();
    await mkdir(at('b', 'c'), { recursive: true });
    await mkdir(at('.hidden'));
    await writeFile(at('.hidden', 'a.png'), '');
    await writeFile(at('b', 'c', 'z.JPG'), '');
    await writeFile(at('b', 'readme.md'), '');
    expect(await somePicture(folder)).toBe(at('b', 'c', 'z.JPG'));
    await writeFile(at('b', 'd.png'), '');
    expect(await somePicture(folder)).toBe(at('b', 'd.png'));
    expect(await somePicture(at('b', 'd.png'))).toBeUndefined();
    expect(await somePicture(at('nowhere'))).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});
