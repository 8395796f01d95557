import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, makeWorkplace, type Workplace } from '../../../../test/support/lookalike.ts';

let work: Workplace;
beforeAll(async () => {
  work = await makeWorkplace();
});
afterAll(() => work.remove());

describe('lookalike bench', () => {
  it("measures a preset's steps and the engine's own speed in a process of its own", async () => {
    const argv = ['bench', '--preset', 'small', '--repeats', '1', '--threads', '1'];
    const { code, stdout, stderr } = await work.spawned(...argv, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { machine, threads, steps } = JSON.parse(stdout);
    expect(machine).toMatch(/, \d+ cores, Node \d+\.\d+\.\d+$/);
    expect(threads).toBe(1);
    expect(steps).toHaveLength(1);
    const [speed] = steps;
    expect(speed).toMatchObject({ preset: 'small', rows: 120, size: 64, steps: [speed.secondsPerStep] });
    expect(speed.imagesPerSecond).toBeCloseTo(120 / speed.secondsPerStep, 6);
    expect(speed.flopPerSecond).toBeCloseTo((6 * 120 * speed.multiplyAddsPerImage) / speed.secondsPerStep, -3);
    expect(speed.shareOfMatmul).toBeCloseTo(speed.flopPerSecond / speed.matmulFlopPerSecond, 9);
    // Three matrices of 16 MiB and more are in it; the parent's memory is not.
    expect(speed.peakBytes).toBeGreaterThan(100e6);
  }, 240_000);

  it.each([
    [['--preset', 'large'], 2, /^option '--preset <name>' must be one of small, article, all, got 'large'/],
    [['--repeats', '0'], 2, /^option '--repeats <n>' must be a whole number from 1 to 1000/],
    [['--thread', '1'], 2, /^unknown option '--thread' \(did you mean --threads\?\)/],
  ] as const)('says in one line what is wrong with %j', async (argv, code, message) => {
    const finished = await work.lookalike('bench', ...argv);
    expect(errorOf(finished)).toMatch(message);
    expect(finished.code).toBe(code);
  });

  it('says in one line that a measurement failed', async () => {
    // Here the sources run, and the process that is started needs the built files.
    const finished = await work.lookalike('bench', '--preset', 'small');
    expect(errorOf(finished)).toMatch(/^measuring the preset small failed: .*Cannot find module/);
    expect(finished.code).toBe(1);
  });
});
