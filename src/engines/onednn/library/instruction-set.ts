import { EngineError } from '../../../foundation/errors/engine-error.ts';

/** `dnnl_cpu_isa_t`, from the least to the most: the bits of each contain those of the ones before. */
const instructionSets: readonly (readonly [bits: number, name: string])[] = [
  [0x1, 'SSE4.1'],
  [0x3, 'AVX'],
  [0x7, 'AVX2'],
  [0xf, 'AVX2 with VNNI'],
  [0x1f, 'AVX2 with VNNI 2'],
  [0x27, 'AVX-512'],
  [0x67, 'AVX-512 with VNNI'],
  [0xe7, 'AVX-512 with bfloat16'],
  [0x1ef, 'AVX-512 with float16'],
  [0xfef, 'AMX'],
  [0x1fef, 'AMX with float16'],
];

/** Bits of what multiplies pairs of bfloat16; AMX has them, too. */
const bfloat16 = 0xe7;
const avx2 = 0x7;

/** What a library uses of the processor, by `dnnl_get_effective_cpu_isa`. */
export interface InstructionSet {
  readonly name: string;
  /** Has what float32 needs to be fast. */
  readonly vectors: boolean;
  /** Multiplies pairs of bfloat16. Without that oneDNN has no convolutions in it, or makes up for it in much more time. */
  readonly bfloat16: boolean;
}

/** The instruction set of a number of oneDNN's. */
export function instructionSet(bits: number): InstructionSet {
  const name = instructionSets.findLast(([known]) => (bits & known) === known)?.[1] ?? 'without SSE4.1';
  const has = (wanted: number): boolean => (bits & wanted) === wanted;
  return { name, vectors: has(avx2), bfloat16: has(bfloat16) };
}

/** @throws EngineError if a processor has no arithmetic in bfloat16: what is asked for in it would be slow without a word. */
export function requireBfloat16({ name, bfloat16: has }: InstructionSet): void {
  if (has) return;
  throw new EngineError(
    `this processor (${name}) does not compute in bfloat16, which takes AVX-512 or AMX with bfloat16: choose float32`,
  );
}
