import { describe, expect, it } from 'vitest';
import { bestSettings } from '../bench/speed/best-setting.mjs';
import { sameWorkCheck } from '../bench/speed/same-work.mjs';

describe('sameWorkCheck', () => {
  it('wants the same of both sides, nearly the same where that is enough, and names what differs', () => {
    const check = sameWorkCheck({ name: 'entry', same: ['steps'], close: { distance: 0.1 } });
    check('ours', { steps: 3, distance: 1 });
    check('peer', { steps: 3, distance: 1.05 });
    expect(() => check('peer', { steps: 3, distance: 1.2 })).toThrow('distance is 1 and 1.2');
    expect(() => check('peer', { steps: 4, distance: 1 })).toThrow(
      "entry: 'ours' and 'peer' did not do the same work: steps is 3 and 4; mend the one that is wrong",
    );
    expect(() => check('peer', { distance: 1 })).toThrow('steps is 3 and undefined');
  });

  it('wants ours no worse than the best of the peers, whoever is first', () => {
    const check = sameWorkCheck({ name: 'entry', same: [], noWorse: ['recallAt1'] });
    check('PyTorch', { recallAt1: 0.43 });
    check('ours', { recallAt1: 0.43 });
    check('PyTorch, 1 worker', { recallAt1: 0.4 });
    expect(() => check('ours', { recallAt1: 0.42 })).toThrow("our recallAt1 is 0.42, below the peer's 0.43");
    const other = sameWorkCheck({ name: 'entry', same: [], noWorse: ['recallAt1'] });
    other('ours', { recallAt1: 0.43 });
    expect(() => other('PyTorch', { recallAt1: 0.44 })).toThrow('give ours more work');
  });
});

describe('bestSettings', () => {
  const side = (name: string, ...trial: string[]) => ({
    name,
    args: ['whole'],
    ...(trial.length > 0 ? { trial } : {}),
  });
  const figures = [{ against: ['none', 'two', 'broken'] }, { against: ['other'] }, {}];

  it('keeps the setting whose trials take least, and every side without a rival', async () => {
    const seconds: Record<string, readonly number[]> = { none: [3, 9, 4], two: [5, 2, 2] };
    const asked: string[] = [];
    const { kept, trials, beaten, failed } = await bestSettings(
      [side('ours'), side('none', 'less'), side('two', 'less'), side('broken', 'less'), side('other', 'less')],
      figures,
      async ({ name, args }) => {
        asked.push(`${name} ${args.join(' ')}`);
        if (name === 'broken') throw new Error('no memory');
        return { seconds: seconds[name][asked.filter((one) => one.startsWith(name)).length - 1] };
      },
      () => undefined,
    );
    expect(kept.map(({ name }) => name)).toEqual(['ours', 'two', 'other']);
    expect(kept[1].args).toEqual(['whole']);
    expect(trials).toEqual({ none: [3, 9, 4], two: [5, 2, 2] });
    expect(beaten).toEqual({ none: "in trials 'two' was faster" });
    expect(failed).toEqual({ broken: 'it failed: no memory' });
    expect(asked.filter((one) => one.includes('whole'))).toEqual([]);
  });

  it('says of each why none is left', async () => {
    const sides = [side('ours'), side('none', 'less'), side('two', 'less')];
    const broken = () => Promise.reject(new Error('no memory'));
    const { kept, failed } = await bestSettings(sides, figures, broken, () => undefined);
    expect(kept.map(({ name }) => name)).toEqual(['ours']);
    expect(Object.keys(failed)).toEqual(['none', 'two']);
  });

  it('tries nothing where there is nothing to choose', async () => {
    const { kept, trials } = await bestSettings([side('ours'), side('none')], figures, () => Promise.reject(), String);
    expect(kept).toHaveLength(2);
    expect(trials).toEqual({});
  });
});
