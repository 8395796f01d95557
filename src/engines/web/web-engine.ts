import type * as ort from 'onnxruntime-web';
import { BoundedConcurrency } from '../../foundation/concurrency/bounded-concurrency.ts';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import type { Graph } from '../../graph/builder/graph.ts';
import { exportModel } from '../../graph/export/export-model.ts';
import type { ElementType } from '../../graph/tensor/element-type.ts';
import { copyTensor, type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import { checkFeeds, type GraphInput } from '../check-feeds.ts';
import type { CompileOptions, Engine, HeldTensor, Program, RunOptions } from '../engine.ts';
import { heldElsewhere, writeHeld } from '../held-tensor.ts';
import { requireOutputs } from '../require-outputs.ts';
import { sessionRefusal } from '../session-refusal.ts';
import { providerForm } from '../webgpu/provider-form.ts';

/** What a page loads of onnxruntime-web: one of its builds. */
export type WebRuntime = Pick<typeof ort, 'InferenceSession' | 'Tensor' | 'env'>;

/** What computes in a page: the processor by WebAssembly, or the graphics processor, and the processor for the rest. */
export type WebProvider = 'wasm' | 'webgpu';

/** What a `WebEngine` computes with. */
export interface WebEngineSettings {
  /** The build that has the provider: `onnxruntime-web/wasm` or `onnxruntime-web/webgpu`. */
  readonly runtime: WebRuntime;
  readonly provider: WebProvider;
}

/**
 * Runs graphs with onnxruntime-web in a page or a worker of it: `run` blocks the thread it is called in, but for what the
 * graphics processor does, so that a page has it in a worker.
 *
 * WebAssembly has a memory of its own: what is fed is copied into it, what comes out is copied out of it, and a held tensor is
 * an array beside it. A run writes held tensors when it has ended, so that a graph may read what it overwrites in any order.
 * Runs take turns, for the runtime does one at a time.
 */
export class WebEngine implements Engine {
  readonly description: string;
  readonly #runtime: WebRuntime;
  readonly #provider: WebProvider;
  readonly #programs = new Set<WebProgram>();
  readonly #turns = new BoundedConcurrency(1);

  constructor({ runtime, provider }: WebEngineSettings) {
    this.#runtime = runtime;
    this.#provider = provider;
    const { versions, wasm } = runtime.env;
    const threads = wasm.numThreads ?? 1;
    const place = provider === 'wasm' ? 'WebAssembly' : 'WebGPU';
    this.description = `onnxruntime ${versions.web ?? versions.common}, ${place}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  }

  async compile(graph: Graph, options: CompileOptions = {}): Promise<Program> {
    const name = options.name ?? 'program';
    const bytes = exportModel(providerForm(graph, [this.#provider]), { lastNodeFirst: options.asBuilt ?? false });
    const session = await this.#turns.run(() => this.#open(bytes, name, options.asBuilt ?? false));
    const used = graph.inputs.filter((input) => session.inputNames.includes(input.name));
    const inputs = used.map(({ name: input, type, shape }) => ({ name: input, type, shape }));
    const parts = { name, session, runtime: this.#runtime, turns: this.#turns };
    const program = new WebProgram(parts, inputs, [...graph.outputs.keys()], () => this.#programs.delete(program));
    this.#programs.add(program);
    return program;
  }

  async hold(value: Tensor): Promise<HeldTensor> {
    return new WebTensor(copyTensor(value));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#programs].map((program) => program.release()));
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(bytes: Uint8Array, name: string, asBuilt: boolean): Promise<ort.InferenceSession> {
    try {
      return await this.#runtime.InferenceSession.create(bytes, {
        executionProviders: [this.#provider],
        graphOptimizationLevel: asBuilt ? 'disabled' : 'all',
        executionMode: 'sequential',
        enableMemPattern: false,
        ...quiet,
      });
    } catch (error) {
      throw sessionRefusal(name, error);
    }
  }
}

/** Errors are thrown: what onnxruntime prints itself would be complaints of the page. */
const quiet = { logSeverityLevel: 4 } as const;

/** A tensor beside the runtime's memory. */
class WebTensor implements HeldTensor {
  /** @param value its elements, which nobody else has. */
  constructor(readonly value: Tensor) {}

  get type(): Tensor['type'] {
    return this.value.type;
  }

  get shape(): Tensor['shape'] {
    return this.value.shape;
  }

  async read(): Promise<Tensor> {
    return copyTensor(this.value);
  }

  async write(given: Tensor): Promise<void> {
    writeHeld(this, this.value.data, given);
  }

  async release(): Promise<void> {
    // The array goes with the last who knows of it.
  }
}

/** What a program has of its engine. */
interface ProgramParts {
  readonly name: string;
  readonly session: ort.InferenceSession;
  readonly runtime: WebRuntime;
  readonly turns: BoundedConcurrency;
}

class WebProgram implements Program {
  readonly inputs: readonly string[];
  readonly #parts: ProgramParts;
  readonly #inputTypes: readonly GraphInput[];
  readonly #onRelease: () => void;
  #released = false;

  constructor(
    parts: ProgramParts,
    inputTypes: readonly GraphInput[],
    readonly outputs: readonly string[],
    onRelease: () => void,
  ) {
    this.#parts = parts;
    this.#inputTypes = inputTypes;
    this.#onRelease = onRelease;
    this.inputs = inputTypes.map((input) => input.name);
  }

  async run(
    feeds: Readonly<Record<string, Tensor | HeldTensor>>,
    options: RunOptions = {},
  ): Promise<Record<string, Tensor>> {
    const { name, session, runtime, turns } = this.#parts;
    if (this.#released) throw new EngineError(`program '${name}' has been released`);
    checkFeeds(name, this.#inputTypes, feeds);
    const into = Object.entries(options.into ?? {}).map(([output, held]) => [output, ownTensor(held, output)] as const);
    const fetched = options.fetch ?? this.outputs.filter((output) => options.into?.[output] === undefined);
    const wanted = [...new Set([...fetched, ...into.map(([output]) => output)])];
    requireOutputs(name, this.outputs, wanted);
    return turns.run(async () => {
      const natives: Record<string, ort.Tensor> = {};
      for (const { name: input } of this.#inputTypes) {
        const { type, shape, data } = fedTensor(feeds[input], input);
        natives[input] = new runtime.Tensor(type, data as ort.Tensor.DataType, shape);
      }
      const results = await session.run(natives, wanted, quiet);
      for (const [output, held] of into) await held.write(hostTensor(results[output]));
      return Object.fromEntries(fetched.map((output) => [output, hostTensor(results[output])]));
    });
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    this.#onRelease();
    await this.#parts.turns.run(() => this.#parts.session.release());
  }
}

function fedTensor(value: Tensor | HeldTensor, name: string): Tensor {
  return 'data' in value ? value : ownTensor(value, name).value;
}

function ownTensor(value: HeldTensor, name: string): WebTensor {
  if (value instanceof WebTensor) return value;
  throw heldElsewhere(name);
}

function hostTensor(native: ort.Tensor): Tensor {
  return tensor(native.type as ElementType, native.dims, native.data as never) as Tensor;
}
