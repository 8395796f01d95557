import { EngineError } from '../foundation/errors/engine-error.ts';

/** Compares outputs that a run is asked for with those of its program. @throws EngineError naming the first that there is not. */
export function requireOutputs(program: string, outputs: readonly string[], wanted: Iterable<string>): void {
  for (const name of wanted) {
    if (!outputs.includes(name)) {
      throw new EngineError(`program '${program}' has no output '${name}'; it has: ${outputs.join(', ')}`);
    }
  }
}
