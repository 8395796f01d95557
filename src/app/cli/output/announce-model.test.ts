import { describe, expect, it } from 'vitest';
import { tinyDescription } from '../../../../test/fixtures/tiny-model.ts';
import type { ModelIdentity } from '../../../catalogue/embedding/model-file.ts';
import type { ChosenModel } from '../input/resolve-model.ts';
import { announceModel, modelDocument } from './announce-model.ts';
import { Terminal } from './terminal.ts';

const streams = (sink: { stdout: string; stderr: string }) => ({
  stdout: { write: (text: string) => (sink.stdout += text) },
  stderr: { write: (text: string) => (sink.stderr += text) },
  signal: new AbortController().signal,
});
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
    evaluation: {},
  },
};

function announced(origin: ChosenModel['origin'], json = false, quiet = false) {
  const sink = { stdout: '', stderr: '' };
  announceModel(new Terminal(streams(sink), json, quiet), model, { path: 'm.onnx', origin });
  return sink;
}

describe('announcing a model', () => {
  it('names a model that somebody chose in one line on standard error', () => {
    for (const origin of ['given', 'run'] as const) {
      expect(announced(origin)).toEqual({
        stdout: '',
        stderr: 'model: m.onnx (24 dimensions, SHA-256 0123456789ab)\n',
      });
    }
  });

  it('says in that line what the packaged model is good for and what to do instead', () => {
    expect(announced('packaged')).toEqual({
      stdout: '',
      stderr:
        'model: the one that comes with lookalike (24 dimensions, SHA-256 0123456789ab). Trained on emoji. For your own pictures: lookalike train <images> -o run\n',
    });
  });

  it('says nothing where JSON or quiet is wanted', () => {
    expect(announced('packaged', true)).toEqual({ stdout: '', stderr: '' });
    expect(announced('given', false, true)).toEqual({ stdout: '', stderr: '' });
  });

  it('gives it to the document', () => {
    expect(modelDocument(model, { path: 'm.onnx', origin: 'packaged' })).toEqual({
      path: 'm.onnx',
      id: '0123456789abcdef',
      origin: 'packaged',
      description: 'Trained on emoji.',
      dimension: 24,
    });
  });
});
