import { describe, expect, it } from 'vitest';
import { AbortError, throwIfAborted } from './abort-error.ts';
import { LookalikeError } from './lookalike-error.ts';

describe('throwIfAborted', () => {
  it('passes without a signal, and by one that nobody has aborted', () => {
    throwIfAborted(undefined);
    throwIfAborted(new AbortController().signal);
  });

  it('throws an error of ours that has the reason', () => {
    const reason = new Error('the user pressed a key');
    const stopped = expect.objectContaining({
      name: 'AbortError',
      code: 'aborted',
      message: reason.message,
      cause: reason,
    });
    expect(() => throwIfAborted(AbortSignal.abort(reason))).toThrow(stopped);
    expect(() => throwIfAborted(AbortSignal.abort())).toThrow(AbortError);
    expect(() => throwIfAborted(AbortSignal.abort())).toThrow(LookalikeError);
    expect(() => throwIfAborted(AbortSignal.abort('late'))).toThrow(expect.objectContaining({ message: 'late' }));
  });
});
