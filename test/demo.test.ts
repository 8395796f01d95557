import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEmojiFolder } from '../src/app/demo/emoji-folder.ts';
import { type EmojiPicture, hashOfPictures } from '../src/app/demo/emoji-pictures.ts';
import { emojiSetNames, findEmojiPackages } from '../src/app/demo/emoji-sets.ts';
import { RandomSource } from '../src/foundation/random/random-source.ts';
import { withoutProgress } from './support/without-progress.ts';

const root = path.resolve(import.meta.dirname, '..');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demo-'));
});
afterAll(() => rm(folder, { recursive: true }));

const patience = 240_000;

function demo(dist: string, cwd: string, ...argv: string[]) {
  const program = [path.join(dist, 'cli', 'main.js'), 'demo', ...argv];
  return withoutProgress(spawnSync(process.execPath, program, { cwd, encoding: 'utf8', timeout: patience }));
}

/** The package as somebody installs it: built files and dependencies, no emoji. */
async function installWithoutEmoji(): Promise<void> {
  await cp(path.join(root, 'dist'), path.join(folder, 'dist'), { recursive: true });
  await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'));
  await mkdir(path.join(folder, 'node_modules'));
  for (const name of await readdir(path.join(root, 'node_modules'))) {
    if (name === '@iconify-json' || name.startsWith('.')) continue;
    await symlink(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name));
  }
  // Packages that give nothing away stand before whatever a folder further up may have.
  for (const name of emojiSetNames) {
    const place = path.join(folder, 'node_modules', '@iconify-json', name);
    await mkdir(place, { recursive: true });
    await writeFile(path.join(place, 'package.json'), JSON.stringify({ name: `@iconify-json/${name}`, exports: {} }));
  }
}

/** A folder of pictures that the demo takes for its own: a few concepts, a colour each, drawn by nobody. */
async function makeFewPictures(place: string): Promise<void> {
  const size = 64;
  const concepts = ['butterfly', 'rocket', ...Array.from({ length: 9 }, (_, k) => `thing-${k}`), 'tiger-face'];
  const pictures = concepts.flatMap((icon, label) =>
    emojiSetNames.map((set, designer): EmojiPicture => {
      const colour = RandomSource.fromSeed(label, 'concept');
      const shade = Array.from({ length: 3 }, () => colour.integer(180));
      const noise = RandomSource.fromSeed(designer, icon);
      const pixels = Buffer.from(Array.from({ length: size * size * 3 }, (_, at) => shade[at % 3] + noise.integer(76)));
      return { label, set, icon, pixels };
    }),
  );
  const packages = (await findEmojiPackages()).map(({ name, version }) => `@iconify-json/${name} ${version}`);
  const origin = [...packages, `sharp ${sharp.versions.sharp}`, `librsvg ${sharp.versions.rsvg}`].join(', ');
  const hash = hashOfPictures(pictures);
  await writeEmojiFolder(place, { pictures: { size, concepts, pictures, hash }, origin }, 'Credit to nobody.\n');
}

describe('lookalike demo', () => {
  it(
    'trains, judges itself beside raw pixels and HOG, reports, indexes and searches',
    async () => {
      await makeFewPictures(path.join(folder, 'few', 'pictures'));
      const dist = path.join(root, 'dist');
      const { status, stdout, stderr } = demo(
        dist,
        folder,
        '-o',
        'few',
        '--seed',
        '5',
        '--steps',
        '2',
        '--threads',
        '1',
        '--json',
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const document = JSON.parse(stdout);
      const measures = {
        recallAt1: expect.any(Number),
        mapAtR: expect.any(Number),
        similarityPrecision: expect.any(Number),
      };
      expect(document).toMatchObject({
        ended: 'completed',
        seed: 5,
        pictures: { images: 84, concepts: 12, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
        images: 2 * 42,
        trained: { ...measures, intervals: { recallAt1: { low: expect.any(Number), high: expect.any(Number) } } },
        baselines: { rawPixels: measures, hog: measures },
        seconds: { training: expect.any(Number), total: expect.any(Number) },
        model: path.join('few', 'run', 'model.onnx'),
        report: path.join('few', 'run', 'report.html'),
      });
      expect(document.baselines.rawPixels.recallAt1).toBeGreaterThan(0.5);
      const { query, results } = document.search;
      expect(path.basename(query)).toBe('noto.png');
      expect(results).toHaveLength(7);
      expect(results[0]).toMatchObject({ id: `${path.basename(path.dirname(query))}/noto.png`, distance: 0 });
      const report = await readFile(path.join(folder, document.report), 'utf8');
      for (const text of ['Emoji across designers', 'raw pixels', 'HOG', 'trained', 'Credit to nobody.', 'thing-']) {
        expect(report).toContain(text);
      }

      const other = demo(dist, folder, '-o', 'few', '--seed', '5', '--steps', '3');
      expect({ status: other.status, stderr: other.stderr }).toEqual({
        status: 1,
        stderr: `lookalike: '${path.join('few', 'run')}' holds a run of contour, 2 steps with seed 5, not of contour, 3 with seed 5: choose another folder with -o\n`,
      });
    },
    2 * patience,
  );

  it(
    'without the emoji packages names those to add, and writes nothing',
    async () => {
      await installWithoutEmoji();
      const { status, stdout, stderr } = demo(path.join(folder, 'dist'), folder, '-o', 'out');
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      const line =
        /^lookalike: the demo draws its pictures from packages that are not installed: (.*); run: npm install --save-dev (.*)\n$/;
      const [, listed, command] = line.exec(stderr) ?? [];
      const { devDependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
      const emoji = Object.keys(devDependencies).filter((name) => name.startsWith('@iconify-json/'));
      expect(listed?.split(', ').sort()).toEqual(emoji.sort());
      expect(command?.split(' ').sort()).toEqual(emoji.sort());
      expect(await readdir(folder)).not.toContain('out');
    },
    patience,
  );
});
