import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from './fixtures/make-pictures.ts';

const root = path.resolve(import.meta.dirname, '..');
const main = path.join(root, 'dist', 'cli', 'main.js');
const run = promisify(execFile);
let workplace: string;
let readme: string;

/** The code blocks of one language under a heading. */
function blocks(heading: string, language: string): string[] {
  const [, section = ''] = readme.split(`## ${heading}\n`);
  const [own] = section.split(/^## /m);
  return [...own.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, code]) => code);
}

beforeAll(async () => {
  readme = await readFile(path.join(root, 'README.md'), 'utf8');
  workplace = await mkdtemp(path.join(tmpdir(), 'lookalike-readme-'));
  await makePictures(path.join(workplace, 'pictures'), { classes: 5, picturesPerClass: 4 });
  const [first] = (await readdir(path.join(workplace, 'pictures'))).sort();
  const [one, two] = (await readdir(path.join(workplace, 'pictures', first))).sort();
  for (const [name, source] of [
    ['a.jpg', one],
    ['b.jpg', two],
    ['query.jpg', one],
  ]) {
    await cp(path.join(workplace, 'pictures', first, source), path.join(workplace, name));
  }
  await mkdir(path.join(workplace, 'node_modules'));
  await symlink(root, path.join(workplace, 'node_modules', 'deep-lookalike'));
});
afterAll(() => rm(workplace, { recursive: true, force: true }));

describe('the README', () => {
  it('names commands that do what it says, on a small fixture and with three steps of training', async () => {
    const lines = blocks('Use it on your pictures', 'sh').flatMap((block) => block.trim().split('\n'));
    expect(lines.length).toBeGreaterThanOrEqual(9);
    for (const line of lines) {
      const [program, name, ...words] = line.split(' ');
      expect([program, name]).toEqual(['npx', 'lookalike']);
      const steps = words[0] === 'train' ? ['--steps', '3'] : [];
      const { stdout } = await run(process.execPath, [main, ...words, ...steps], { cwd: workplace });
      expect(stdout.trim(), line).not.toBe('');
    }
    const made = await readdir(path.join(workplace, 'run'));
    expect(made).toEqual(
      expect.arrayContaining(['config.json', 'log.jsonl', 'checkpoint.safetensors', 'model.onnx', 'report.html']),
    );
  });

  it('has TypeScript that runs', async () => {
    const [code] = blocks('From TypeScript', 'ts');
    const short = code.replace("preset: 'small', seed: 1 }", "preset: 'small', seed: 1, steps: 3 }");
    expect(short).not.toBe(code);
    await writeFile(path.join(workplace, 'example.mjs'), short);
    const { stdout } = await run(process.execPath, ['example.mjs'], { cwd: workplace });
    const [distance, ...found] = stdout.trim().split('\n');
    expect(distance).toMatch(/^distance \d\.\d{3}$/);
    expect(found).toHaveLength(5);
    expect(Number(found[0].split(' ')[0])).toBeCloseTo(0, 2);
  });

  it('gives the commands that a clone has', async () => {
    const { scripts } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
    const named = [...readme.matchAll(/^npm (?:run )?(\S+)$/gm)]
      .map(([, name]) => name)
      .filter((name) => name !== 'ci');
    expect(named.length).toBeGreaterThan(1);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });

  it('links only to what is there', async () => {
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, target]) => target);
    expect(links.length).toBeGreaterThan(5);
    for (const target of links) await expect(readFile(path.join(root, target))).resolves.toBeDefined();
  });
});
