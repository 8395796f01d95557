import { describe, expect, it } from 'vitest';
import { advance, type Progress, partOf } from './progress.ts';

const half: Progress = { work: 'embedding', unit: 'images', done: 1, total: 2 };

describe('advance', () => {
  it('tells how far it is, and nobody where nobody asked', () => {
    const told: Progress[] = [];
    advance({ onProgress: (progress) => told.push(progress) }, half);
    advance({}, half);
    expect(told).toEqual([half]);
  });

  it('stops with the reason of the signal, and tells nothing any more', () => {
    const told: Progress[] = [];
    const watched = { signal: AbortSignal.abort(new Error('enough')), onProgress: (one: Progress) => told.push(one) };
    expect(() => advance(watched, half)).toThrow('enough');
    expect(told).toEqual([]);
  });
});

describe('partOf', () => {
  it('gives the work another name and keeps the signal', () => {
    const told: Progress[] = [];
    const { signal } = new AbortController();
    const part = partOf({ signal, onProgress: (progress) => told.push(progress) }, 'embedding with the first model');
    expect(part.signal).toBe(signal);
    advance(part, half);
    expect(told).toEqual([{ ...half, work: 'embedding with the first model' }]);
    expect(partOf({}, 'x').onProgress).toBeUndefined();
  });
});
