import { expect, it } from 'vitest';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import { instructionSet, requireBfloat16 } from './instruction-set.ts';

// Numbers of dnnl_cpu_isa_t, as processors with them answer.
it.each([
  [0x1, 'SSE4.1', false, false],
  [0x7, 'AVX2', true, false],
  [0x27, 'AVX-512', true, false],
  [0xe7, 'AVX-512 with bfloat16', true, true],
  [0xfef, 'AMX', true, true],
  [0x1fef, 'AMX with float16', true, true],
  [0, 'without SSE4.1', false, false],
])('reads %i', (bits, name, vectors, bfloat16) => expect(instructionSet(bits)).toEqual({ name, vectors, bfloat16 }));

it.each([0x1, 0x7, 0x27, 0x67])('refuses bfloat16 on processors without its arithmetic: %i', (bits) => {
  expect(() => requireBfloat16(instructionSet(bits))).toThrow(EngineError);
  expect(() => requireBfloat16(instructionSet(bits))).toThrow(/^this processor \(.+\) does not compute in bfloat16/);
});

it.each([0xe7, 0x1ef, 0xfef])('takes bfloat16 on those that have it, whatever else they have: %i', (bits) =>
  expect(() => requireBfloat16(instructionSet(bits))).not.toThrow(),
);
