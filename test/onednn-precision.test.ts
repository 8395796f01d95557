import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePictures } from './fixtures/make-pictures.ts';
import { needingOneDnn, openOneDnn, withOneDnn, withoutOneDnn } from './support/onednn-here.ts';

const program = path.resolve(import.meta.dirname, '../dist/cli/main.js');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'onednn-precision-'));
  await makePictures(path.join(folder, 'pictures'), { classes: 6, picturesPerClass: 6, size: 48 });
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the program where oneDNN may use no more than some instructions of the processor. */
function lookalike(most: string | undefined, ...argv: string[]) {
  const env = { ...withOneDnn, ...(most === undefined ? {} : { ONEDNN_MAX_CPU_ISA: most }) };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { status, said: stdout + stderr };
}

const short = ['--preset', 'small', '--size', '64', '--steps', '2', '--rows', '24'];

describe.skipIf(withoutOneDnn !== undefined)(needingOneDnn('the precision of a run'), () => {
  it.each(['AVX2', 'AVX512_CORE'])(
    'is refused where it is bfloat16 and the processor has no more than %s, before anything is made',
    (most) => {
      const trained = lookalike(most, 'train', 'pictures', '-o', `run-${most}`, ...short, '--precision', 'bfloat16');
      expect(trained.said).toMatch(
        /this processor \(AVX.*\) does not compute in bfloat16, which takes .*: choose float32\n$/,
      );
      expect(trained.status).toBe(1);
      expect(existsSync(path.join(folder, `run-${most}`))).toBe(false);
      const indexed = lookalike(most, 'index', 'pictures', '-s', 'x.lance', '--precision', 'bfloat16');
      expect(indexed.said).toMatch(/this processor \(AVX.*\) does not compute in bfloat16/);
      expect(indexed.status).toBe(1);
      expect(existsSync(path.join(folder, 'x.lance'))).toBe(false);
    },
  );

  it('is float32 where the processor has nothing else, and nothing was measured', async () => {
    const { said, status } = lookalike('AVX2', 'train', 'pictures', '-o', 'plain', ...short, '--engine', 'onednn');
    expect(said).toMatch(/computed by oneDNN \S+ \(\w+, AVX2.*\) in float32\n/);
    expect(status).toBe(0);
    const { engine } = JSON.parse(await readFile(path.join(folder, 'plain/config.json'), 'utf8'));
    expect(engine.onednn).toMatchObject({ precision: 'float32' });
    expect(engine.onednn).not.toHaveProperty('timesAsFast');
  });
});

const lacking =
  withoutOneDnn ?? ((await openOneDnn()).instructions.bfloat16 ? undefined : 'this processor has no bfloat16');

describe.skipIf(lacking !== undefined)(
  `the precision of a run on a processor with bfloat16 (${lacking ?? 'here'})`,
  () => {
    it.each([undefined, 'AVX512_CORE_BF16'])(
      'is the one that was measured to be faster, and goes on where there is none: %s',
      async (most) => {
        const run = `measured-${most}`;
        const { said, status } = lookalike(most, 'train', 'pictures', '-o', run, ...short);
        expect(status).toBe(0);
        const { engine } = JSON.parse(await readFile(path.join(folder, run, 'config.json'), 'utf8'));
        const { precision, timesAsFast } = engine.onednn;
        expect(precision).toBe(timesAsFast >= 1.2 ? 'bfloat16' : 'float32');
        expect(said).toContain(
          `in ${precision}; bfloat16 was measured to be ${timesAsFast.toFixed(1)} times as fast as float32\n`,
        );
      },
    );

    it('is kept by a run that goes on, which a processor without it refuses', () => {
      const begun = lookalike(undefined, 'train', 'pictures', '-o', 'half', ...short, '--precision', 'bfloat16');
      expect(begun.said).toMatch(/in bfloat16\n/);
      const again = lookalike('AVX2', 'train', '-o', 'half', '--resume');
      expect(again.said).toMatch(
        /the run in 'half' was started in bfloat16, and this processor \(AVX2.*\) does not compute in it: go on where it was started, or start a new run in float32\n$/,
      );
      expect(again.status).toBe(1);
    });
  },
);
