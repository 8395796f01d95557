import { appendFile, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../../../test/fixtures/make-pictures.ts';
import { stepLines } from '../../../../../test/fixtures/step-lines.ts';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';
import { withoutProgress } from '../../../../../test/support/without-progress.ts';

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
// A rate so low that the few steps of a test do not collapse.
const small = [
  '--learning-rate',
  '0.00001',
  '--size',
  '16',
  '--rows',
  '12',
  '--dimension',
  '8',
  '--threads',
  '1',
  '--held-out',
  '0',
];

beforeAll(async () => {
  work = await makeWorkplace();
  await makePictures(at('shapes'), { classes: 4, picturesPerClass: 8, size: 16 });
  // A copy within a class, one in another class, and pictures to judge by that are trained on.
  await copyFile(at('shapes', 'arrow', '1.png'), at('shapes', 'arrow', '9.png'));
  await copyFile(at('shapes', 'arrow', '2.png'), at('shapes', 'bars', '9.png'));
  await mkdir(at('unseen', 'arrow'), { recursive: true });
  await copyFile(at('shapes', 'arrow', '3.png'), at('unseen', 'arrow', 'three.png'));
  await makePictures(at('other'), { classes: 5, picturesPerClass: 1, size: 16 });
  await copyFile(at('other', 'dots', '1.png'), at('unseen', 'arrow', 'dots.png'));
  const trained = await work.lookalike('train', 'shapes', '-o', 'run', ...small, '--steps', '8');
  if (trained.code !== 0) throw new Error(trained.stderr);
});
afterAll(() => work.remove());

const kinds = (document: { readonly findings: readonly { readonly kind: string }[] }) =>
  document.findings.map(({ kind }) => kind);

describe('lookalike doctor', () => {
  it('tells what the run found in its pictures, and train told it, too', async () => {
    const { code, stdout, stderr } = await work.lookalike('doctor', 'run');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^run: step 8 of 8\nContradictory labels\n {2}seen: {4}2 pictures in 1 group/);
    expect(stdout).toMatch(/arrow\/2\.png, bars\/9\.png: in arrow, bars\n/);
    expect(stdout).toMatch(/Duplicated positives\n {2}seen: {4}1 of 34 pictures/);
    expect(await readFile(at('run', 'report.html'), 'utf8')).toMatch(/<h3>Contradictory labels<\/h3>/);
    const again = await work.lookalike('train', 'shapes', '-o', 'again', ...small, '--steps', '2');
    expect(again.stderr).toMatch(/lookalike: warning: Contradictory labels: 2 pictures/);
    expect(again.stdout).toMatch(/\nDuplicated positives\n/);
  });

  it('looks at the pictures again, and at others for any that are trained on; nothing is changed', async () => {
    const before = await Promise.all((await readdir(at('run'))).map((name) => readFile(at('run', name))));
    const { code, stdout } = await work.lookalike('doctor', 'run', '--images', 'shapes', '--test', 'unseen', '--json');
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ folder: 'run', step: 8, steps: 8, picturesExamined: true });
    expect(kinds(document)).toEqual(['leakage', 'contradictory-labels', 'duplicated-positives']);
    expect(document.findings[0].numbers).toMatchObject({ identical: 1, judged: 2, share: 0.5 });
    expect(document.findings[0].images[0].ids).toEqual(['arrow/three.png', 'arrow/3.png']);
    const after = await Promise.all((await readdir(at('run'))).map((name) => readFile(at('run', name))));
    expect(after.map((bytes, index) => bytes.equals(before[index]))).toEqual(before.map(() => true));
  });

  it('refuses pictures that are not those of the run, if its model or its checkpoint tells', async () => {
    const parts = async (run: string, ...names: string[]) => {
      await mkdir(at(run));
      for (const name of names) await copyFile(at('run', name), at(run, name));
    };
    await parts('stopped', 'config.json', 'checkpoint.safetensors');
    for (const run of ['run', 'stopped']) {
      const refused = withoutProgress(await work.lookalike('doctor', run, '--images', 'pictures'));
      expect(refused.code).toBe(1);
      expect(errorOf(refused)).toMatch(`the pictures are not those that the run in '${run}' was started with (hash `);
    }
    await parts('begun', 'config.json');
    const begun = await work.lookalike('doctor', 'begun', '--images', 'pictures', '--json');
    expect(JSON.parse(begun.stdout)).toMatchObject({ step: 0, picturesExamined: true, findings: [] });
  });

  it('asks the model of a longer run about labels, also one that does not say what it was trained on', async () => {
    await mkdir(at('longer'));
    const config = JSON.parse(await readFile(at('run', 'config.json'), 'utf8'));
    await writeFile(at('longer', 'config.json'), JSON.stringify({ ...config, steps: 60 }));
    await copyFile(at('model.onnx'), at('longer', 'model.onnx'));
    const { code, stdout } = await work.lookalike('doctor', 'longer', '--images', 'shapes', '--json');
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ step: 0, steps: 60, picturesExamined: true });
    expect(kinds(document)).toEqual(expect.arrayContaining(['contradictory-labels', 'duplicated-positives']));
  });

  it('examines a run that is under way, whose last line is not whole yet', async () => {
    await mkdir(at('running'));
    const config = JSON.parse(await readFile(at('run', 'config.json'), 'utf8'));
    const loss = { kind: 'hinge', gap: 0.2, distance: 'euclidean', miner: 'batch-hard' };
    await writeFile(at('running', 'config.json'), JSON.stringify({ ...config, loss, steps: 500 }));
    const empty = JSON.parse((await work.lookalike('doctor', 'running', '--json')).stdout);
    expect(empty).toMatchObject({ step: 0, picturesExamined: false, findings: [] });
    const lines = stepLines(60, (step) => ({ loss: 0.2, spread: 0.004 + Math.exp(-step), activeShare: 1 }));
    await writeFile(
      at('running', 'log.jsonl'),
      lines.map((line) => `${JSON.stringify({ kind: 'step', ...line })}\n`).join(''),
    );
    await appendFile(at('running', 'log.jsonl'), '{"kind":"step","ste');
    const { stdout } = await work.lookalike('doctor', 'running');
    expect(stdout).toMatch(
      /^running: step 60 of 500\nnothing is noted about its pictures: give them with --images\nCollapse by batch-hard mining\n/,
    );
    // The torn line is another process's.
    expect(await readFile(at('running', 'log.jsonl'), 'utf8')).toMatch(/"ste$/);
  });

  it('says so where nothing is wrong', async () => {
    const clean = await work.lookalike('train', 'pictures', '-o', 'clean', ...small, '--steps', '4');
    expect(clean.stderr).not.toMatch(/warning/);
    expect((await work.lookalike('doctor', 'clean')).stdout).toBe(
      'clean: step 4 of 4\nthe doctor found nothing wrong\n',
    );
  });

  it.each<[string[], number, RegExp]>([
    [
      ['nowhere'],
      1,
      /^there is no training run in 'nowhere': it has no config\.json; give the folder that it was trained into/,
    ],
    [
      ['run', '--test', 'unseen'],
      2,
      /^--test compares pictures with those that were trained on: give these with --images/,
    ],
    [['run', '--images', 'nowhere'], 1, /nowhere/],
  ])('refuses %j', async (argv, code, message) => {
    const finished = await work.lookalike('doctor', ...argv);
    expect(errorOf(finished)).toMatch(message);
    expect(finished.code).toBe(code);
  });

  it('refuses findings and a log that are damaged, naming the file', async () => {
    await mkdir(at('damaged'));
    await copyFile(at('run', 'config.json'), at('damaged', 'config.json'));
    await writeFile(at('damaged', 'findings.json'), '{');
    expect(errorOf(await work.lookalike('doctor', 'damaged'))).toMatch(/findings\.json' is no list of findings/);
    await rm(at('damaged', 'findings.json'));
    await writeFile(at('damaged', 'log.jsonl'), 'x\n{}\n');
    expect(errorOf(await work.lookalike('doctor', 'damaged'))).toMatch(/^line 1 of '.*log\.jsonl' is not JSON/);
  });
});
