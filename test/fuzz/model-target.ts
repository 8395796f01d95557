import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { loadModel } from '../../src/catalogue/embedding/embedder.ts';
import { ModelProtoSchema, StringStringEntryProtoSchema } from '../../src/graph/onnx/onnx_pb.ts';
import { writeTinyModel } from '../fixtures/tiny-model.ts';
import { damagedBytes } from './damaged-bytes.ts';
import type { FuzzTarget } from './fuzz-target.ts';

const whole = await tinyModelBytes();

async function tinyModelBytes(): Promise<Uint8Array> {
  return inFolder(async (file) => {
    await writeTinyModel(file);
    return Uint8Array.from(readFileSync(file));
  });
}

async function inFolder<T>(use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fuzz-'));
  try {
    return await use(path.join(folder, 'model.onnx'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Values that a property ought not to have, as JSON: numbers beyond all bounds, deep nesting, long lists, no JSON. */
const absurd = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, -1, 1, 1.5, 2, 2 ** 31, 2 ** 53, 1e15, 1e300).map(String) },
  fc.integer({ min: 1, max: 70_000 }).map(String),
  fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)),
  fc.integer({ min: 1, max: 100_000 }).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`),
  fc.integer({ min: 1, max: 50_000 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  fc.integer({ min: 1, max: 300_000 }).map((count) => `[${'0,'.repeat(count)}0]`),
  fc.integer({ min: 1, max: 300_000 }).map((count) => `"${'A'.repeat(count)}"`),
  fc.string(),
);

/** A model whose properties say something else: whole ones, and numbers and texts within them. */
const lying = fc
  .array(fc.tuple(fc.nat(), fc.nat(), absurd, fc.nat({ max: 9 })), { minLength: 1, maxLength: 3 })
  .map((lies) => {
    const model = fromBinary(ModelProtoSchema, whole);
    for (const [at, within, value, how] of lies) {
      const property = model.metadataProps[at % model.metadataProps.length];
      if (how === 0) model.metadataProps.push(create(StringStringEntryProtoSchema, { key: property.key, value }));
      else if (how === 1) model.metadataProps.splice(at % model.metadataProps.length, 1);
      else if (how < 6) property.value = withOneValue(property.value, within, value);
      else property.value = value;
    }
    return toBinary(ModelProtoSchema, model);
  });

/** JSON text in which one number or text is another value. */
function withOneValue(text: string, at: number, value: string): string {
  const found = [...text.matchAll(/-?\d+(?:\.\d+)?|"[^"]*"(?!:)/g)];
  if (found.length === 0) return value;
  const { index, 0: old } = found[at % found.length];
  return text.slice(0, index) + value + text.slice(index + old.length);
}

/** Model files, as every command that takes `--model` loads them: properties, graph, engine and test pictures. */
export const modelTarget: FuzzTarget = {
  name: 'model',
  files: fc.oneof(
    { weight: 3, arbitrary: damagedBytes(fc.constant(whole)) },
    { weight: 6, arbitrary: lying },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  ),
  read: (bytes) =>
    inFolder(async (file) => {
      writeFileSync(file, bytes);
      const embedder = await loadModel(file, { threads: 1 });
      await embedder.close();
    }),
};
