import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../fixtures/make-pictures.ts';

const root = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
let project: string;
let tarball: string;

/** The package, packed, and installed into an empty project with the README's line. */
beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'lookalike-package-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: root });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[')));
  tarball = path.join(project, filename);
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const line = readme.match(/^npm install deep-lookalike --ignore-scripts$/m)?.[0];
  if (line === undefined) throw new Error('the README has no line that installs the package');
  await run('npm', ['init', '-y'], { cwd: project });
  await run('bash', ['-c', line.replace('deep-lookalike', `'${tarball}'`)], { cwd: project });
  await makePictures(path.join(project, 'pictures'), { classes: 3, picturesPerClass: 4 });
});
afterAll(() => rm(project, { recursive: true, force: true }));

describe('the packed package', () => {
  it('stays under 10 MB', async () => {
    expect((await stat(tarball)).size).toBeLessThan(10e6);
  });

  it('carries no tests and no sources', async () => {
    const { stdout } = await run('tar', ['-tzf', tarball]);
    expect(stdout).not.toContain('package/.npmrc');
    expect(stdout).toContain('package/dist/cli/main.js');
    expect(stdout).toContain('package/dist/cli/LICENSES.txt');
    expect(stdout).toContain('package/dist/library/index.js');
    expect(stdout).toContain('package/dist/library/LICENSES.txt');
    expect(stdout).toContain('package/dist/index.d.ts');
    expect(stdout).toContain('package/dist/page/index.html');
    expect(stdout).toContain('package/dist/alone/alone-worker.js');
    expect(stdout).not.toContain('.wasm');
    // Beside the program's, the library's and the pages' files there are declarations alone.
    expect(stdout).not.toMatch(/package\/dist\/(?!alone\/|cli\/|library\/|page\/).*\.js|\.map$/m);
    expect(stdout).toContain('package/models/packaged/model.onnx');
    expect(stdout).not.toMatch(/\.test\.|\.cases\.|\.contract\.|\/src\/|\/test\//);
  });

  it('carries what its README links to', async () => {
    const folder = path.join(project, 'node_modules', 'deep-lookalike');
    const readme = await readFile(path.join(folder, 'README.md'), 'utf8');
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, target]) => target);
    expect(links).toEqual(expect.arrayContaining(['docs/training.md', 'assets/report.png']));
    for (const target of links) expect((await stat(path.join(folder, target))).isFile(), target).toBe(true);
  });

  it('is imported in a fresh process without a word on standard error', async () => {
    const code = "import * as lookalike from 'deep-lookalike'; console.log(Object.keys(lookalike).sort().join(' '));";
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: project });
    expect(stderr).toBe('');
    expect(stdout.trim().split(' ')).toEqual(
      expect.arrayContaining(['compareImages', 'loadModel', 'openCatalogue', 'train']),
    );
  });

  it('compares, indexes and searches with the model that it carries, and says which that is', async () => {
    const lookalike = (...argv: string[]) => run('npx', ['lookalike', ...argv], { cwd: project });
    const compared = await lookalike('compare', 'pictures/arrow/1.png', 'pictures/arrow/2.png');
    expect(compared.stderr).toMatch(/^model: the one that comes with lookalike \(256 dimensions, /);
    // The package's own name runs the same program.
    const byPackage = await run('npx', ['deep-lookalike', '--version'], { cwd: project });
    expect(byPackage.stdout).toBe((await lookalike('--version')).stdout);
    await lookalike('index', 'pictures');
    const { stdout } = await lookalike('search', 'pictures/bars/1.png', '-k', '3', '--json');
    expect(JSON.parse(stdout).results).toHaveLength(3);
    expect(JSON.parse(stdout).results[0].id).toBe('bars/1.png');
  });

  it('says which package HDF5 files need, and reads them once it is there', async () => {
    const keras = path.join(root, 'test/golden/weights/vgg16-notop.h5');
    const train = () =>
      run('npx', ['lookalike', 'train', 'pictures', '-o', 'keras', '--backbone', 'vgg16', '--weights', keras], {
        cwd: project,
      }).catch((error: { stderr: string }) => error);
    expect((await train()).stderr).toMatch(
      /cannot read '.*vgg16-notop.h5': HDF5 files need the package h5wasm, which is not installed: npm install h5wasm@0\.10\.3/,
    );
    await run('npm', ['install', 'h5wasm@0.10.3'], { cwd: project });
    // The filters of the fixture are fewer than VGG16's: it has been read when that is told.
    expect((await train()).stderr).toMatch(/'block1_conv1\/.*' has shape \[3, 3, 3, \d+\]/);
  });

  it('can be asked for the model that it carries', async () => {
    const code =
      "import { loadModel } from 'deep-lookalike'; const m = await loadModel(); console.log(m.dimension, m.model.path === " +
      "(await import('node:url')).fileURLToPath(import.meta.resolve('deep-lookalike/models/packaged/model.onnx'))); await m.close();";
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: project });
    expect(stdout.trim()).toBe('256 true');
  });

  it('trains', async () => {
    const { stdout } = await run('npx', ['lookalike', 'train', 'pictures', '--steps', '2', '--json'], { cwd: project });
    expect(JSON.parse(stdout).ended).toBe('completed');
    expect((await stat(path.join(project, 'run', 'model.onnx'))).size).toBeGreaterThan(1e6);
  });

  it('says which packages the demo needs', async () => {
    const failed = await run('npx', ['lookalike', 'demo'], { cwd: project }).catch(
      (error: { stderr: string }) => error,
    );
    expect(failed.stderr).toMatch(/@iconify-json\/noto/);
  });
});
