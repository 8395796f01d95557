import { afterEach, describe, expect, it, vi } from 'vitest';
import { needingOneDnn, withOneDnn, withoutOneDnn } from '../../../test/support/onednn-here.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { conv, relu } from '../../graph/builder/operations.ts';
import { float32, tensor } from '../../graph/tensor/tensor.ts';
import { fewRows } from './few-rows.ts';
import { programOnEngine } from './program-on-engine.ts';

const wish = { engine: 'auto', precision: 'auto', threads: 1, ownThread: false, name: 'a model' } as const;
const window = { kernelShape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1] };

function network(channels = 32, side = 16) {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', channels, side, side]);
  const weights = float32(
    [channels, channels, 3, 3],
    Array.from({ length: channels * channels * 9 }, (_, place) => Math.sin(place)),
  );
  graph.output('y', relu(conv(x, graph.constant(weights), undefined, window)));
  return { graph, lengths: new Map([['N', 32]]) };
}

describe('a program on the engine that is chosen', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is on onnxruntime without oneDNN, and nothing is to be said', async () => {
    vi.stubEnv('LOOKALIKE_ONEDNN', 'off');
    const { engine, remark, precision } = await programOnEngine(network(), wish);
    expect(engine.description).toMatch(/^onnxruntime/);
    expect([remark, precision]).toEqual([undefined, 'float32']);
    await engine.close();
  });

  it('is refused where an engine that is asked for is not here, or does not compute in a precision', async () => {
    vi.stubEnv('LOOKALIKE_ONEDNN', 'off');
    await expect(programOnEngine(network(), { ...wish, engine: 'onednn' })).rejects.toThrow(
      /LOOKALIKE_ONEDNN is 'off'/,
    );
    await expect(programOnEngine(network(), { ...wish, precision: 'bfloat16' })).rejects.toThrow(/LOOKALIKE_ONEDNN/);
    const asked = { ...wish, engine: 'onnxruntime', precision: 'bfloat16' } as const;
    await expect(programOnEngine(network(), asked)).rejects.toThrow(/onnxruntime computes in float32 alone/);
  });

  it.skipIf(withoutOneDnn !== undefined)(needingOneDnn('is on oneDNN with a batch of known length'), async () => {
    vi.stubEnv('LOOKALIKE_ONEDNN', withOneDnn['LOOKALIKE_ONEDNN']);
    const { graph, lengths } = network();
    const image = () => ({ x: tensor('float32', [32, 32, 16, 16]) });
    const found = await programOnEngine({ graph, lengths }, { ...wish, engine: 'onednn' });
    expect(found.program.placement).toEqual({ share: 1, elsewhere: [] });
    expect(found.remark).toMatch(/^computed by oneDNN 3\.\S+ \(\S+, .*\), float32, with onnxruntime/);
    expect((await found.program.run(image()))['y'].shape).toEqual([32, 32, 16, 16]);
    await found.engine.close();
    const measured = await programOnEngine({ graph, lengths }, wish);
    expect(measured.remark).toMatch(
      /^computed by (onnxruntime, .*as fast as oneDNN|oneDNN .* times as fast as onnxruntime)/,
    );
    await measured.engine.close();
  });

  it.skipIf(withoutOneDnn !== undefined)(needingOneDnn('says where oneDNN has nothing of a model'), async () => {
    vi.stubEnv('LOOKALIKE_ONEDNN', withOneDnn['LOOKALIKE_ONEDNN']);
    const { engine, remark, precision } = await programOnEngine(network(1, 4), { ...wish, engine: 'onednn' });
    expect(remark).toBe('computed by onnxruntime: oneDNN has nothing of this model');
    expect(precision).toBe('float32');
    await engine.close();
  });
});

it('is measured with few rows where they are enough work', () => {
  const { graph } = network(64, 128);
  const work = 2 * 64 * 64 * 9 * 128 * 128;
  expect(fewRows({ graph, lengths: new Map([['N', 1000]]) }).lengths.get('N')).toBe(Math.floor(2e10 / work));
  expect(fewRows({ graph, lengths: new Map([['N', 3]]) }).lengths.get('N')).toBe(3);
});
