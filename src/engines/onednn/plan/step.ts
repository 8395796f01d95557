import type { Value } from '../../../graph/builder/graph.ts';
import type { Pointer } from '../library/koffi-package.ts';
import type { Storage } from '../memory/storage.ts';
import type { Datum } from './datum.ts';

/** One primitive, with what it reads and writes. */
export interface PrimitiveStep {
  readonly kind: 'primitive';
  /** The node that it is for, and what it does: `conv3.Conv`. */
  readonly name: string;
  readonly description: Pointer;
  /** oneDNN's name of the code. */
  readonly implementation: string;
  readonly arguments: readonly (readonly [argument: number, datum: Datum])[];
  /** What the primitive takes while it runs. */
  readonly scratch: { readonly layout: Pointer; readonly bytes: number } | undefined;
}

/** A part of the graph that the other engine runs. */
export interface ForeignStep {
  readonly kind: 'foreign';
  readonly name: string;
  /** The part, compiled by its place in the program's list. */
  readonly program: number;
  /** What the part is fed with: inputs of the whole, and values that other steps made. */
  readonly feeds: readonly (readonly [name: string, from: Value | Crossing])[];
  /** Outputs of the whole that it makes, and values that other steps read. */
  readonly results: readonly (readonly [name: string, to: string | Crossing])[];
}

/** A value between the engines: as ONNX has it, in memory that both know. */
export interface Crossing {
  readonly value: Value;
  readonly storage: Storage;
}

/** One step of a program. */
export type Step = PrimitiveStep | ForeignStep;

/** True of a value that crosses, false of an input of the program. */
export function isCrossing(from: Value | Crossing): from is Crossing {
  return 'storage' in from;
}

/** The storages that a step touches. */
export function touchedBy(step: Step): Storage[] {
  if (step.kind === 'primitive') return step.arguments.map(([, { storage }]) => storage);
  const crossings = [
    ...step.feeds.flatMap(([, from]) => (isCrossing(from) ? [from] : [])),
    ...step.results.flatMap(([, to]) => (typeof to === 'string' ? [] : [to])),
  ];
  return crossings.map(({ storage }) => storage);
}
