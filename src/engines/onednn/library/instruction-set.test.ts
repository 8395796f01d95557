import { expect, it } from 'vitest';
import { instructionSet } from './instruction-set.ts';

// Numbers of dnnl_cpu_isa_t, as processors with them answer.
it.each([
  [0x1, 'SSE4.1', false, false, false],
  [0x7, 'AVX2', true, false, false],
  [0x27, 'AVX-512', true, false, false],
  [0xe7, 'AVX-512 with bfloat16', true, true, false],
  [0xfef, 'AMX', true, true, true],
  [0x1fef, 'AMX with float16', true, true, true],
  [0, 'without SSE4.1', false, false, false],
])('reads %i', (bits, name, vectors, bfloat16, tiles) =>
  expect(instructionSet(bits)).toEqual({ name, vectors, bfloat16, tiles }),
);
