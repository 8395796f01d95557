import { describe, expect, it } from 'vitest';
import { tinyDescription } from '../../test/fixtures/tiny-model.ts';
import type { ModelIdentity } from '../embedding/model-file.ts';
import { announceModel } from './announce-model.ts';
import { Terminal } from './terminal.ts';

const measured = (value: number) => ({ value, low: value, high: value });
const evaluation = {
  images: 10,
  classes: 2,
  dimension: 24,
  queries: 10,
  queriesWithoutRelevant: 0,
  triplets: 5,
  seed: 0,
  intervals: { level: 0.95, resamples: 10 },
  measures: {
    recallAt1: measured(0.437),
    rPrecision: measured(0.3),
    mapAtR: measured(0.25),
    similarityPrecision: measured(0.962),
  },
};

function announce(
  origin: 'given' | 'run' | 'packaged',
  evaluated: ModelIdentity['metadata']['evaluation'],
  json = false,
) {
  let stdout = '';
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: () => true },
    signal: new AbortController().signal,
  };
  const model: ModelIdentity = {
    path: 'm.onnx',
    id: '0123456789abcdef',
    metadata: {
      ...tinyDescription,
      format: 1,
      createdBy: 'deep-lookalike 0.1.0',
      description: 'Trained on emoji.',
      dimension: 24,
      goldens: [],
      evaluation: evaluated,
    },
  };
  const document = announceModel(new Terminal(streams, json), model, { path: 'm.onnx', origin });
  return { stdout, document };
}

describe('announcing a model', () => {
  it('names a model that somebody chose in one line', () => {
    for (const origin of ['given', 'run'] as const) {
      expect(announce(origin, evaluation).stdout).toBe('model: m.onnx (24 dimensions, SHA-256 0123456789ab)\n');
    }
  });

  it('tells what the packaged model is good for, how good it is, and what to do instead', () => {
    expect(announce('packaged', evaluation).stdout).toBe(
      'model: m.onnx (24 dimensions, SHA-256 0123456789ab)\n' +
        '  no --model and no run/model.onnx: this is the one that comes with lookalike. Trained on emoji.\n' +
        '  on pictures that it was not trained on: Recall@1 43.7%, MAP@R 25.0%, similarity precision 96.2%\n' +
        "  for your own pictures, train your own: 'lookalike train <images> -o run'\n",
    );
    expect(announce('packaged', {}).stdout).not.toMatch(/not trained on/);
  });

  it('prints nothing where JSON is wanted, and gives it to the document', () => {
    const { stdout, document } = announce('packaged', {}, true);
    expect(stdout).toBe('');
    expect(document).toMatchObject({ path: 'm.onnx', id: '0123456789abcdef', origin: 'packaged', dimension: 24 });
  });
});
