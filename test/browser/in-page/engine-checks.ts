// The contract of engines and the cases of every operator, for onnxruntime-web in a page.

import { engineContract } from '../../../src/engines/engine.contract.ts';
import type { Engine } from '../../../src/engines/engine.ts';
import { gradientCases } from '../../../src/graph/autodiff/gradient.cases.ts';
import { gradientTable } from '../../../src/graph/autodiff/gradient-table.ts';
import { operatorNames } from '../../../src/graph/operators/operator.ts';
import { checkCase } from '../../support/check-case.ts';
import type { GradientCase } from '../../support/gradient-case.ts';
import { afterAll, beforeAll, begin, describe, end, it, names, runOne } from './vitest-in-page.ts';
import { webEngine } from './web-runtime.ts';

/** What computes, by the page's address: `?provider=webgpu`. */
const provider = new URLSearchParams(location.search).get('provider') === 'webgpu' ? 'webgpu' : 'wasm';

/** Largest difference of any element, relative to the largest of its tensor. */
const tolerance = { wasm: 1e-4, webgpu: 1e-3 }[provider];

engineContract('WebEngine', () => webEngine(provider), { tolerance: provider === 'wasm' ? 1e-6 : 1e-5 });

describe(`by ${provider}`, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await webEngine(provider);
  });
  afterAll(() => engine.close());

  for (const op of operatorNames) {
    if ('reason' in gradientTable[op]) continue;
    it(`${op} and its gradients are those of the reference`, async () => {
      const cases: readonly GradientCase<typeof op>[] = gradientCases[op];
      for (const one of cases) if (one.engineRefuses === undefined) await checkCase(engine, op, one, tolerance);
    });
  }
});

Object.assign(globalThis, { checks: { names, begin, runOne, end } });
