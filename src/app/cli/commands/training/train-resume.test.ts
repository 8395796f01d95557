import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from '../../../../../test/fixtures/make-pictures.ts';
import { errorOf, makeWorkplace, type Workplace } from '../../../../../test/support/lookalike.ts';
import { signalled } from '../../../../../test/support/signalled.ts';
import { readCheckpoint } from '../../../../training/loop/checkpoint.ts';

/** A busy machine is given its time. */
const patience = 240_000;
const small = ['--size', '16', '--rows', '12', '--dimension', '8', '--threads', '1', '--held-out', '0'];

let work: Workplace;
const at = (...names: string[]) => path.join(work.folder, ...names);
beforeAll(async () => {
  work = await makeWorkplace();
  await makePictures(at("it's shapes"), { classes: 4, picturesPerClass: 8, size: 16 });
  // A run that was stopped on its way.
  const plan = { signal: 'SIGINT', file: at('run', 'log.jsonl'), holds: /"kind":"step"/ } as const;
  const stopped = await signalled(work.folder, plan, 'train', "it's shapes", '--steps', '4000', ...small);
  expect(stopped.code).toBe(130);
}, patience);
afterAll(() => work.remove());

/** A copy of the stopped run whose end is near. */
async function stoppedRun(name: string): Promise<number> {
  await cp(at('run'), at(name), { recursive: true });
  const config = JSON.parse(await readFile(at(name, 'config.json'), 'utf8'));
  const { step: done } = await readCheckpoint(at(name, 'checkpoint.safetensors'));
  await writeFile(at(name, 'config.json'), JSON.stringify({ ...config, steps: done + 2 }));
  return done;
}

describe('lookalike train --resume', () => {
  it(
    'needs no images: the run knows where they are, from any working directory',
    async () => {
      const done = await stoppedRun('again');
      const noted = JSON.parse(await readFile(at('again', 'images.json'), 'utf8'));
      expect(path.isAbsolute(noted.location)).toBe(true);
      const { code, stdout } = await work.lookalike('train', '-o', 'again', '--resume');
      expect(code).toBe(0);
      expect(stdout).toContain(`done: ${done + 2} steps`);
      // The command to type next is one that a shell takes as it stands.
      const next = stdout.trimEnd().split('\n').at(-1);
      const quoted = noted.location.replaceAll("'", "'\\''");
      expect(next).toBe(`next: lookalike index '${quoted}' --model again/model.onnx`);
      // Where pictures lie is nobody else's business.
      expect(await readFile(at('again', 'model.onnx'), 'latin1')).not.toContain(path.dirname(noted.location));
    },
    patience,
  );

  it(
    'says under --quiet what came of it, and nothing of the way there',
    async () => {
      await stoppedRun('quiet');
      const { code, stdout, stderr } = await work.spawned('train', '-o', 'quiet', '--resume', '--quiet');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^done: \d+ steps, .*\n[\s\S]*model: quiet\/model.onnx\nreport: quiet\/report.html\n$/);
      expect(stdout).not.toMatch(/to learn from|next:/);
    },
    patience,
  );

  it(
    'says that the images are gone, takes their new place, and remembers it',
    async () => {
      await stoppedRun('moved');
      await rename(at("it's shapes"), at('elsewhere'));
      const gone = await work.lookalike('train', '-o', 'moved', '--resume');
      expect({ code: gone.code, error: errorOf(gone) }).toEqual({
        code: 1,
        error: expect.stringMatching(
          /^the run in 'moved' was started with the images in '.*it's shapes', and there is nothing there now: name the place where they are: lookalike train <images> -o moved --resume$/,
        ),
      });
      const found = await work.lookalike('train', 'elsewhere', '-o', 'moved', '--resume');
      expect(found.code).toBe(0);
      expect(JSON.parse(await readFile(at('moved', 'images.json'), 'utf8')).location).toMatch(/elsewhere$/);
      await rename(at('elsewhere'), at("it's shapes"));
    },
    patience,
  );

  it('does not take the place of other images for that of the run', async () => {
    await stoppedRun('kept');
    const before = await readFile(at('kept', 'images.json'), 'utf8');
    const refused = await work.lookalike('train', 'pictures', '-o', 'kept', '--resume');
    expect(refused.code).toBe(1);
    expect(await readFile(at('kept', 'images.json'), 'utf8')).toBe(before);
  });

  it('asks for the images of a run that knows nothing of them', async () => {
    await stoppedRun('old');
    await rm(at('old', 'images.json'));
    expect(errorOf(await work.lookalike('train', '-o', 'old', '--resume'))).toBe(
      "the run in 'old' does not say which images it was started with: name them: lookalike train <images> -o old --resume",
    );
    await writeFile(at('old', 'images.json'), '{"location":3}');
    expect(errorOf(await work.lookalike('train', '-o', 'old', '--resume'))).toMatch(
      /^'old\/images.json' does not say where the run's images are: name them beside --resume/,
    );
  });
});

describe('a run without a model', () => {
  const query = 'pictures/disc/1.png';

  it('is said to stand at a step, and how to go on with it, whoever wants its model', async () => {
    const standing =
      /^the run in 'run' is at step \d+ of 4000 and has no model yet: let it end, or go on with: lookalike train -o run --resume$/;
    for (const model of ['run', 'run/model.onnx']) {
      for (const argv of [
        ['compare', query, query],
        ['search', query],
        ['index', 'pictures'],
        ['evaluate', 'pictures'],
        ['quantize', 'pictures', '-o', 'x.onnx'],
        ['calibrate', 'pictures', '-o', 'x.onnx'],
      ]) {
        const finished = await work.lookalike(...argv, '--model', model);
        expect({ argv, code: finished.code, error: errorOf(finished) }).toEqual({
          argv,
          code: 1,
          error: expect.stringMatching(standing),
        });
      }
    }
    expect(errorOf(await work.lookalike('compare', query, query, '-m', 'pictures'))).toBe(
      "'pictures' is a folder without a model.onnx: give a model file, or the folder of a training run that is finished",
    );
  });

  it('is told of where the packaged model is used instead', async () => {
    const { code, stderr } = await work.lookalike('compare', query, query);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^model: the one that comes with lookalike .* the run in 'run' is at step \d+ of 4000 and .*\n$/,
    );
  });
});
