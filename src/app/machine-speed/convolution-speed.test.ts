import { expect, it } from 'vitest';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { convolutionFlop, convolutionSpeed } from './convolution-speed.ts';

it('is the work of a plain loop over the time of a run', async () => {
  let loop = 0;
  for (let place = 0; place < 16 * 64 * 32 * 32; place++) loop += 2 * 64 * 9;
  expect(convolutionFlop).toBe(loop);
  await using engine = await OnnxruntimeEngine.create({ threads: 1 });
  const started = performance.now();
  const speed = await convolutionSpeed(engine, 0.01);
  // It cannot be slower than if the whole measurement were one run.
  expect(speed).toBeGreaterThanOrEqual(convolutionFlop / ((performance.now() - started) / 1000));
  expect(speed).toBeLessThan(1e14);
});
