import { EngineError } from '../../../foundation/errors/engine-error.ts';

/** oneDNN computes something, but by plain loops, which take hundreds of times as long; the other engine does it then. */
export class KernelRefusal extends EngineError {
  constructor(name: string, implementation: string) {
    super(`oneDNN has '${implementation}' for '${name}', plain loops: onnxruntime computes it`);
  }
}
