import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leakProofSplit } from './leak-proof-split.ts';
import { splitByClassHash } from './split.ts';

const classes = Array.from({ length: 12 }, (_, number) => `class ${number}`);
const plain = splitByClassHash(classes);
const label = (name: string) => classes.indexOf(name);
const [t0, t1, t2] = plain.train.map(label);
const [s0, s1] = plain.test.map(label);

describe('leakProofSplit', () => {
  it('is the plain split where nothing is shared, or shared on one side only', () => {
    const labels = [...classes.keys(), t0, t1];
    const groups = [...classes.keys(), 50, 50];
    expect(leakProofSplit(classes, labels, groups)).toEqual({ ...plain, moved: [], movedImages: 0, leakingGroups: 0 });
  });

  it('moves the few to the many, and tells how many', () => {
    // A picture of two train classes and one test class; the test class has two more pictures.
    const labels = [t0, t1, s0, s0, s0];
    const split = leakProofSplit(classes, labels, [9, 9, 9, 1, 2]);
    expect(split).toMatchObject({ moved: [classes[s0]], movedImages: 3, leakingGroups: 1 });
    expect(split.train).toEqual([...plain.train, classes[s0]]);
    expect(split.test).toEqual(plain.test.filter((name) => name !== classes[s0]));
    // One of each: the test class moves.
    expect(leakProofSplit(classes, [t0, s0], [1, 1]).moved).toEqual([classes[s0]]);
    expect(leakProofSplit(classes, [t0, s0, s1], [1, 1, 1]).moved).toEqual([classes[t0]]);
  });

  it('follows chains over several groups', () => {
    const split = leakProofSplit(classes, [t0, t1, t1, t2, t2, s0], [1, 1, 2, 2, 3, 3]);
    expect(split).toMatchObject({ moved: [classes[s0]], leakingGroups: 1 });
  });

  it('never has a group on both sides, whatever is shared', () => {
    const image = fc.tuple(fc.option(fc.nat(11), { nil: undefined }), fc.nat(25));
    fc.assert(
      fc.property(fc.array(image, { maxLength: 16 }), (images) => {
        const labels = images.map(([one]) => one);
        const groups = images.map(([, group]) => group);
        const { train, test, moved } = leakProofSplit(classes, labels, groups);
        expect([...train, ...test].sort()).toEqual([...classes].sort());
        const sideOf = new Map(images.map((_, at) => [groups[at], new Set<string>()]));
        for (const [at, one] of labels.entries()) {
          if (one !== undefined) sideOf.get(groups[at])!.add(train.includes(classes[one]) ? 'train' : 'test');
        }
        for (const sides of sideOf.values()) expect(sides.size).toBeLessThan(2);
        for (const name of moved) expect(train.includes(name)).toBe(plain.test.includes(name));
      }),
    );
  });

  it('refuses where copies link all classes', () => {
    const labels = [...classes.keys()];
    expect(() => leakProofSplit(classes, labels, new Int32Array(12))).toThrow('link all 12 classes');
  });
});
