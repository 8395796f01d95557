import { describe, expect, it } from 'vitest';
import { OwedAnswers } from './owed-answers.ts';

/** A thread that remembers what it was told. */
function heldThread() {
  const told: string[] = [];
  return { told, ref: () => told.push('ref'), unref: () => told.push('unref') };
}

describe('answers that a thread owes', () => {
  it('find their questions in any order, and keep the process alive until the last', async () => {
    const thread = heldThread();
    const owed = new OwedAnswers<string, number>(thread);
    const sent: number[] = [];
    const answers = [10, 20].map((note) => owed.ask(note, (id) => sent.push(id)));
    expect([thread.told, owed.size, new Set(sent).size]).toEqual([['unref', 'ref', 'ref'], 2, 2]);
    expect(owed.noteOf(sent[0])).toBe(10);
    owed.take(sent[1])?.resolve('second');
    expect(thread.told).toEqual(['unref', 'ref', 'ref']);
    owed.take(sent[0])?.resolve('first');
    expect(thread.told.at(-1)).toBe('unref');
    expect(await Promise.all(answers)).toEqual(['first', 'second']);
    expect([owed.take(sent[0]), owed.noteOf(sent[0])]).toEqual([undefined, undefined]);
  });

  it('fail with the first error when the thread ends, and so does every later question', async () => {
    const thread = heldThread();
    const owed = new OwedAnswers<string>(thread);
    let number = -1;
    const waiting = owed.ask(undefined, (id) => {
      number = id;
    });
    owed.fail(new Error('ended'));
    owed.fail(new Error('again'));
    await expect(waiting).rejects.toThrow('ended');
    // What comes too late releases nothing.
    expect(owed.take(number)).toBeUndefined();
    expect(thread.told).toEqual(['unref', 'ref']);
    await expect(owed.ask(undefined, () => expect.unreachable())).rejects.toThrow('ended');
  });

  it('keeps no question that could not be sent', async () => {
    const owed = new OwedAnswers<string>(heldThread());
    const asked = owed.ask(undefined, () => {
      throw new Error('cannot be copied');
    });
    await expect(asked).rejects.toThrow('cannot be copied');
    expect(owed.size).toBe(0);
  });
});
