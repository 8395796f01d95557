import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { errorData, errorFromData } from './error-data.ts';
import { FileError } from './file-error.ts';
import { LookalikeError } from './lookalike-error.ts';
import { ModelError } from './model-error.ts';
import { UsageError } from './usage-error.ts';

class OwnError extends ModelError {
  readonly colour = 'red';
}
class Unknown extends Error {}

/** An error on its way through a channel between threads. */
function sent(error: unknown, ...known: Parameters<typeof errorFromData>[1] & object): Error {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(errorData(error));
  const received = receiveMessageOnPort(port2);
  port1.close();
  return errorFromData(received?.message, known);
}

describe('an error between threads', () => {
  it('keeps class, code, fields, message, stack and causes', () => {
    const system = Object.assign(new TypeError('no'), { code: 'ENOENT', errno: -2 });
    const middle = new FileError('cannot read it', { cause: system });
    const error = new UsageError('wrong', { path: 'choices.gap', expected: 'a number', value: [3], cause: middle });
    const arrived = sent(error);
    expect(arrived).toBeInstanceOf(UsageError);
    expect(arrived).toBeInstanceOf(LookalikeError);
    expect({ ...arrived }).toEqual({
      code: 'usage',
      path: 'choices.gap',
      expected: 'a number',
      value: [3],
      nearest: undefined,
    });
    expect([arrived.name, arrived.message, arrived.stack]).toEqual(['UsageError', 'wrong', error.stack]);
    expect(String(arrived)).toBe('UsageError: wrong');
    expect(arrived.cause).toBeInstanceOf(FileError);
    expect(arrived.cause).toMatchObject({ code: 'file', message: 'cannot read it', stack: middle.stack });
    const cause = arrived.cause instanceof Error ? arrived.cause.cause : undefined;
    expect(cause).toBeInstanceOf(TypeError);
    expect(cause).toMatchObject({ code: 'ENOENT', errno: -2, message: 'no', stack: system.stack });
    expect(Object.keys(arrived)).toEqual(Object.keys(error));
  });

  it('has the nearest class that is known, and the name of its own', () => {
    expect(sent(new OwnError('x'))).toBeInstanceOf(ModelError);
    expect(sent(new OwnError('x'))).not.toBeInstanceOf(OwnError);
    expect(sent(new OwnError('x'))).toMatchObject({ name: 'OwnError', code: 'model', colour: 'red' });
    expect(sent(new OwnError('x'), OwnError)).toBeInstanceOf(OwnError);
    const unknown = Object.assign(new Unknown('y'), { code: 7 });
    expect(sent(unknown)).not.toBeInstanceOf(LookalikeError);
    expect(sent(unknown)).toMatchObject({ name: 'Error', message: 'y', code: 7 });
  });

  it('leaves out what cannot be copied', () => {
    const error = new UsageError('wrong', { path: 'labels', expected: 'an array', value: () => 1, cause: () => 2 });
    const arrived = sent(error);
    expect(arrived).toMatchObject({ code: 'usage', path: 'labels', expected: 'an array' });
    expect(Object.keys(arrived)).not.toContain('value');
    expect(arrived.cause).toBeUndefined();
  });

  it('takes what is no error by its text, causes that are none as they are, and reasons of signals', () => {
    expect(sent('gone')).toMatchObject({ name: 'Error', message: 'gone' });
    expect(sent(undefined).message).toBe('undefined');
    expect(sent(new Error('x', { cause: { place: 3 } })).cause).toEqual({ place: 3 });
    const reason = sent(AbortSignal.abort().reason);
    expect([reason.name, reason.message]).toEqual(['AbortError', 'This operation was aborted']);
  });

  it('ends where causes go in a circle', () => {
    const circle = new Error('round');
    circle.cause = new Error('and round', { cause: circle });
    const messages: string[] = [];
    for (let error: unknown = sent(circle); error instanceof Error; error = error.cause) messages.push(error.message);
    expect(messages).toHaveLength(17);
  });
});
