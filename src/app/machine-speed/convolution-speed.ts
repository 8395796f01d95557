import type { Engine } from '../../engines/engine.ts';
import { Graph } from '../../graph/builder/graph.ts';
import { conv } from '../../graph/builder/operations.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import { median } from './median.ts';

/** 16 images of 64 x 32 x 32 under 64 filters of 3 x 3: a layer in the middle of a network. */
const [rows, channels, side, kernel] = [16, 64, 32, 3] as const;

/** Floating-point operations of that layer. */
export const convolutionFlop = 2 * rows * channels * side * side * channels * kernel * kernel;

/**
 * The engine's speed at a 3 x 3 convolution of 64 channels, in FLOP a second, filters not known in advance as in training:
 * what every network here is mostly made of. Median of as many runs as `seconds` have time for, at least one, after one that
 * does not count.
 */
export async function convolutionSpeed(engine: Engine, seconds: number): Promise<number> {
  const graph = new Graph();
  const shapes = { x: [rows, channels, side, side], w: [channels, channels, kernel, kernel] };
  const [x, w] = [graph.input('x', 'float32', shapes.x), graph.input('w', 'float32', shapes.w)];
  const window = { kernelShape: [kernel, kernel], strides: [1, 1], pads: [1, 1, 1, 1], dilations: [1, 1] };
  graph.output('y', conv(x, w, undefined, window));
  const program = await engine.compile(graph, { name: 'convolution', asBuilt: true });
  const hold = async (shape: readonly number[]) => {
    const { data } = tensor('float32', shape);
    return engine.hold(
      tensor(
        'float32',
        shape,
        data.map((_, place) => Math.sin(place)),
      ),
    );
  };
  const [image, filters, result] = [await hold(shapes.x), await hold(shapes.w), await hold(shapes.x)];
  const taken: number[] = [];
  const run = () => program.run({ x: image, w: filters }, { fetch: [], into: { y: result } });
  await run();
  for (const end = performance.now() + 1000 * seconds; taken.length === 0 || performance.now() < end; ) {
    const started = performance.now();
    await run();
    taken.push((performance.now() - started) / 1000);
  }
  await program.release();
  for (const held of [image, filters, result]) await held.release();
  return convolutionFlop / median(taken);
}
