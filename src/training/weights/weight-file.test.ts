import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeSafetensors } from '../../graph/safetensors/safetensors.ts';
import { float32, type Tensor } from '../../graph/tensor/tensor.ts';
import { readWeightFile } from './weight-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'weight-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each([0x80, 0x4b50])('reads safetensors whose header has a length that begins as a pickle does: %i', async (low) => {
  const state = new Map<string, Tensor>([['x', float32([1], [1])]]);
  const [head, ...rest] = [...encodeSafetensors(state)].map((piece) => Buffer.from(piece));
  const whole = Buffer.concat([head, ...rest]);
  const length = Number(whole.readBigUInt64LE());
  // A header may end in blanks.
  const longer = low === 0x80 ? 0x380 : low;
  const file = path.join(folder, `length-${low}.safetensors`);
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(longer));
  const header = Buffer.concat([whole.subarray(8, 8 + length), Buffer.alloc(longer - length, ' ')]);
  await writeFile(file, Buffer.concat([start, header, whole.subarray(8 + length)]));
  const { tensors } = await readWeightFile(file);
  expect([...tensors.keys()]).toEqual(['x']);
});
