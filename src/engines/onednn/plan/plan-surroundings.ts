import type { OperatorNode, Value } from '../../../graph/builder/graph.ts';
import type { DataType } from '../library/constants.ts';
import type { Pointer } from '../library/koffi-package.ts';
import type { Datum } from './datum.ts';

/** What of the whole graph a lowering has to know. */
export interface PlanSurroundings {
  /** Type of what lies between primitives. */
  readonly compute: DataType;
  /** Names of outputs by their values. */
  readonly outputs: ReadonlyMap<Value, readonly string[]>;
  /** The nodes of oneDNN's that read a value. */
  readonly readers: (value: Value) => readonly OperatorNode[];
  /** True if a node that is not oneDNN's reads it. */
  readonly crosses: (value: Value) => boolean;
  /** True of a graph with gradients, which read what forward passes leave behind. */
  readonly learns: boolean;
  /** Reference kernels are taken whatever the size: for tests of single operators. */
  readonly anyKernel: boolean;
}

/** What a backward pass needs of its forward pass. */
export interface ForwardPass {
  readonly image: Datum;
  readonly description: Pointer;
  readonly workspace: Datum | undefined;
}

/** Mean and variance of every line along a tensor's last axis. */
export interface Moments {
  readonly mean: Datum;
  readonly variance: Datum;
}
