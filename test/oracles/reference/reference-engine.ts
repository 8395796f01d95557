import { checkFeeds, type GraphInput } from '../../../src/engines/check-feeds.ts';
import type { CompileOptions, Engine, HeldTensor, Program, RunOptions } from '../../../src/engines/engine.ts';
import type { Graph } from '../../../src/graph/builder/graph.ts';
import { neededParts } from '../../../src/graph/export/needed.ts';
import { formatShape, sameShape } from '../../../src/graph/tensor/shape.ts';
import { copyTensor, type Tensor, tensor } from '../../../src/graph/tensor/tensor.ts';
import { interpret } from './interpret.ts';

/**
 * Runs graphs with the float64 reference interpreter: slow, and right. It computes in float64 throughout and rounds only
 * what it gives out to the types that the graph declares, so it is what other engines are compared with.
 */
export class ReferenceEngine implements Engine {
  readonly description = 'reference interpreter, float64';

  /** @throws if the graph has a node of a foreign operator. */
  async compile(graph: Graph, options: CompileOptions = {}): Promise<Program> {
    const name = options.name ?? 'program';
    const { inputs, nodes } = neededParts(graph);
    const foreign = nodes.find((node) => node.kind === 'opaque');
    if (foreign !== undefined) {
      throw new Error(
        `the reference refuses the graph of '${name}': it knows no operator ${foreign.op} ('${foreign.name}')`,
      );
    }
    return new ReferenceProgram(name, graph, inputs);
  }

  async hold(value: Tensor): Promise<ReferenceTensor> {
    return new ReferenceTensor(value);
  }

  async close(): Promise<void> {}

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A copy of a tensor in this thread's memory. */
export class ReferenceTensor implements HeldTensor {
  readonly type: Tensor['type'];
  readonly shape: Tensor['shape'];
  #value: Tensor | undefined;

  constructor(value: Tensor) {
    this.type = value.type;
    this.shape = value.shape;
    this.#value = copyTensor(value);
  }

  /** Its present elements, not a copy. @throws if it has been released. */
  get value(): Tensor {
    if (this.#value === undefined) {
      throw new Error(`a held ${this.type} tensor of shape ${formatShape(this.shape)} has been released`);
    }
    return this.#value;
  }

  async read(): Promise<Tensor> {
    return copyTensor(this.value);
  }

  async write(value: Tensor): Promise<void> {
    if (value.type !== this.type || !sameShape(value.shape, this.shape)) {
      throw new Error(
        `a held ${this.type} tensor of shape ${formatShape(this.shape)} cannot take a ${value.type} tensor of shape ` +
          formatShape(value.shape),
      );
    }
    this.#value = copyTensor(value);
  }

  async release(): Promise<void> {
    this.#value = undefined;
  }
}

class ReferenceProgram implements Program {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  #released = false;

  constructor(
    private readonly name: string,
    private readonly graph: Graph,
    private readonly inputTypes: readonly GraphInput[],
  ) {
    this.inputs = inputTypes.map((input) => input.name);
    this.outputs = [...graph.outputs.keys()];
  }

  async run(
    feeds: Readonly<Record<string, Tensor | HeldTensor>>,
    options: RunOptions = {},
  ): Promise<Record<string, Tensor>> {
    if (this.#released) throw new Error(`program '${this.name}' has been released`);
    checkFeeds(this.name, this.inputTypes, feeds);
    const into = Object.entries(options.into ?? {});
    const fetched = options.fetch ?? this.outputs.filter((name) => !into.some(([written]) => written === name));
    for (const name of [...fetched, ...into.map(([written]) => written)]) this.#expectOutput(name);
    const tensors = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, hostTensor(value, name)]));
    const results = interpret(this.graph, tensors, [...fetched, ...into.map(([written]) => written)]);
    for (const [name, held] of into) await held.write(this.#declared(name, results[name]));
    return Object.fromEntries(fetched.map((name) => [name, this.#declared(name, results[name])]));
  }

  async release(): Promise<void> {
    this.#released = true;
  }

  #expectOutput(name: string): void {
    if (this.outputs.includes(name)) return;
    throw new Error(`program '${this.name}' has no output '${name}'; it has: ${this.outputs.join(', ')}`);
  }

  /** A result rounded to the type that the graph gives it. */
  #declared(name: string, result: Tensor): Tensor {
    const { type } = this.graph.outputs.get(name)!;
    return type === 'float32'
      ? tensor('float32', result.shape, Float32Array.from(result.data as Float64Array))
      : result;
  }
}

function hostTensor(value: Tensor | HeldTensor, name: string): Tensor {
  if (value instanceof ReferenceTensor) return value.value;
  if ('data' in value) return value;
  throw new Error(`'${name}' is a tensor held by another engine: read it there and feed what it returns`);
}
