import { EngineError } from '../../../foundation/errors/engine-error.ts';

/** oneDNN computes something, but by plain loops, which take hundreds of times as long; the other engine does it then. */
export class KernelRefusal extends EngineError {
  constructor(name: string, implementation: string) {
    super(`oneDNN has '${implementation}' for '${name}', plain loops: onnxruntime computes it`);
  }
}

/** oneDNN's names of plain loops. Reorders have no other name where they are fast, and are not asked. */
export function isReference(implementation: string): boolean {
  return /\bref\b|ref:|:any$/.test(implementation);
}
