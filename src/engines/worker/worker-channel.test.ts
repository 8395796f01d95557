import { Worker } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { float32 } from '../../graph/tensor/tensor.ts';
import { WorkerChannel } from './worker-channel.ts';

/** A channel to a thread that runs `answer`, JavaScript that sees the question as `request`. */
function channelTo(answer: string): WorkerChannel {
  const code = `const { parentPort } = require('node:worker_threads');
    parentPort.on('message', (request) => { ${answer} });`;
  return new WorkerChannel(new Worker(code, { eval: true, stderr: true }));
}

describe('WorkerChannel', () => {
  it('gives each question its answer, whatever the order', async () => {
    const channel =
      channelTo(`setTimeout(() => parentPort.postMessage({ id: request.id, answer: request.argument * 2 }),
      request.argument)`);
    const answers = [40, 20, 1].map((number) => channel.ask('releaseHeld', number));
    expect(await Promise.all(answers)).toEqual([80, 40, 2]);
    await channel.end('done');
  });

  it('hands buffers over, and passes on what the thread says is wrong', async () => {
    const channel = channelTo(`parentPort.postMessage({ id: request.id, error: {
      classes: ['RangeError', 'Error'], name: 'RangeError', message: 'got ' + request.argument.data,
      stack: 'RangeError: at the network', fields: { code: 'E3' }, cause: { value: 'a cause' } } })`);
    const value = float32([2], [1, 2]);
    const asked = channel.ask('hold', value, [value.data.buffer as ArrayBuffer]);
    expect(value.data.length).toBe(0);
    const error: unknown = await asked.catch((reason) => reason);
    expect(error).toBeInstanceOf(RangeError);
    const stack = 'RangeError: at the network';
    expect(error).toMatchObject({ message: 'got 1,2', code: 'E3', cause: 'a cause', stack });
    await channel.end('done');
  });

  it.each([
    ['ends', 'process.exit(3)', 'it ended with exit code 3'],
    ['throws', 'throw new Error("out of order")', 'out of order'],
  ])('fails everything unanswered and all that is asked later when the thread %s', async (_, crash, why) => {
    const channel = channelTo(`if (request.argument === 2) ${crash}`);
    const asked = [1, 2, 3].map((number) => channel.ask('releaseHeld', number));
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({
        status: 'rejected',
        reason: { message: `the engine's thread has stopped: ${why}; what it held is lost, make a new engine` },
      });
    }
    await expect(channel.ask('close', undefined)).rejects.toThrow(why);
    await channel.end('done');
  });

  it('says why it was ended', async () => {
    const channel = channelTo('');
    const asked = channel.ask('releaseHeld', 1);
    await Promise.all([expect(asked).rejects.toThrow(/^closed for lunch$/), channel.end('closed for lunch')]);
    await expect(channel.ask('releaseHeld', 1)).rejects.toThrow(/^closed for lunch$/);
  });

  it('refuses what cannot be sent, and goes on', async () => {
    const channel = channelTo('parentPort.postMessage({ id: request.id, answer: undefined })');
    const odd = { ...float32([1], [1]), shape: [1], label: () => 'functions cannot be sent' };
    await expect(channel.ask('hold', odd)).rejects.toThrow(/could not be cloned/);
    await channel.ask('close', undefined);
    await channel.end('done');
  });

  it('is waited for at its end, though an answer arrives meanwhile', async () => {
    const worker = new Worker(
      "const { parentPort: port } = require('worker_threads'); port.on('message', ({ id }) => port.postMessage({ id }))",
      { eval: true },
    );
    const channel = new WorkerChannel(worker);
    await channel.ask('releaseHeld', 1);
    const late = channel.ask('releaseHeld', 2).catch((error: Error) => error.message);
    // The answer lies in the queue when the thread is being ended.
    const until = performance.now() + 200;
    while (performance.now() < until);
    const answers = vi.fn();
    worker.on('message', answers);
    const unref = vi.spyOn(worker, 'unref');
    await channel.end('closed for lunch');
    expect(await late).toBe('closed for lunch');
    expect(answers).toHaveBeenCalledOnce();
    expect(unref).not.toHaveBeenCalled();
  });
});
