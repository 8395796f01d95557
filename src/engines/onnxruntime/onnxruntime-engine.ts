import * as ort from 'onnxruntime-node';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import { hushLibraries } from '../../foundation/hush-libraries.ts';
import type { Graph } from '../../graph/builder/graph.ts';
import { exportModel } from '../../graph/export/export-model.ts';
import type { ElementType } from '../../graph/tensor/element-type.ts';
import { copyTensor, type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import { checkFeeds, type GraphInput } from '../check-feeds.ts';
import type { CompileOptions, Engine, HeldTensor, Program, RunOptions } from '../engine.ts';
import { heldElsewhere, writeHeld } from '../held-tensor.ts';
import { nativeTensor } from '../native-tensor.ts';
import { requireOutputs } from '../require-outputs.ts';
import { sessionRefusal } from '../session-refusal.ts';
import { providerForm } from '../webgpu/provider-form.ts';
import { type DiscardMemory, discardMemory } from './discard-memory.ts';
import { checkOnnxruntimeSettings, type OnnxruntimeSettings } from './onnxruntime-settings.ts';

/**
 * Runs graphs with onnxruntime in the calling thread: `run` blocks it. See `WorkerEngine` for one that does not.
 *
 * A held tensor is the buffer onnxruntime itself reads and writes: feeding a weight and naming it in `into` updates it
 * in place, without a copy.
 */
export class OnnxruntimeEngine implements Engine {
  readonly description: string;
  readonly #options: ort.InferenceSession.SessionOptions;
  readonly #programs = new Set<OnnxruntimeProgram>();
  readonly #discard: DiscardMemory;
  readonly #providers: readonly string[];

  private constructor(settings: OnnxruntimeSettings, discard: DiscardMemory) {
    this.#discard = discard;
    const threads = settings.threads ?? 2;
    const providers = settings.providers ?? ['cpu'];
    this.#providers = providers;
    this.#options = {
      executionProviders: [...providers],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // A pattern takes one block for all values of a run beside what the first run took: twice the memory, no faster.
      enableMemPattern: false,
      // Threads that wait without spinning leave the cores to whoever else has work: loaders, other sessions, other programs.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      // Errors are thrown. What onnxruntime prints itself would reach the terminal with the names that a file gives its nodes.
      logSeverityLevel: 4,
    };
    this.description = `onnxruntime ${ort.env.versions.node ?? ort.env.versions.common}, ${providers.join(' then ')}, ${threads} threads`;
  }

  static async create(settings: OnnxruntimeSettings = {}): Promise<OnnxruntimeEngine> {
    checkOnnxruntimeSettings(settings);
    hushLibraries();
    return new OnnxruntimeEngine(settings, await discardMemory());
  }

  async compile(graph: Graph, options: CompileOptions = {}): Promise<Program> {
    const inputs = graph.inputs.map(({ name, type, shape }) => ({ name, type, shape }));
    const outputs = [...graph.outputs].map(([name, { type, shape }]) => ({ name, type, shape }));
    // onnxruntime runs nodes depth first from the last of the file: see `executionOrder`.
    const bytes = exportModel(providerForm(graph, this.#providers), { lastNodeFirst: options.asBuilt ?? false });
    return this.load(bytes, inputs, outputs, options);
  }

  /** Prepares a model file's bytes, whose inputs and outputs the caller knows. */
  async load(
    bytes: Uint8Array,
    inputs: readonly GraphInput[],
    outputs: readonly GraphInput[],
    options: CompileOptions = {},
  ): Promise<Program> {
    const name = options.name ?? 'program';
    let session: ort.InferenceSession;
    try {
      const graphOptimizationLevel = options.asBuilt ? 'disabled' : 'all';
      session = await ort.InferenceSession.create(bytes, {
        ...this.#options,
        graphOptimizationLevel,
        enableCpuMemArena: options.givesBack !== true,
      });
    } catch (error) {
      throw sessionRefusal(name, error);
    }
    const used = inputs.filter((input) => session.inputNames.includes(input.name));
    const program = new OnnxruntimeProgram(name, session, used, outputs, this.#discard, () =>
      this.#programs.delete(program),
    );
    this.#programs.add(program);
    return program;
  }

  async hold(value: Tensor): Promise<OnnxruntimeTensor> {
    return new OnnxruntimeTensor(value.type, value.shape, nativeTensor(copyTensor(value)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#programs].map((program) => program.release()));
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A buffer that onnxruntime reads and writes directly. */
export class OnnxruntimeTensor implements HeldTensor {
  constructor(
    readonly type: Tensor['type'],
    readonly shape: Tensor['shape'],
    readonly native: ort.Tensor,
  ) {}

  async read(): Promise<Tensor> {
    return copyTensor(fromOnnxruntime(this.native));
  }

  async write(value: Tensor): Promise<void> {
    writeHeld(this, this.native.data, value);
  }

  async release(): Promise<void> {
    this.native.dispose();
  }
}

class OnnxruntimeProgram implements Program {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  #released = false;

  constructor(
    private readonly name: string,
    private readonly session: ort.InferenceSession,
    private readonly inputTypes: readonly GraphInput[],
    outputTypes: readonly GraphInput[],
    private readonly discard: DiscardMemory,
    private readonly onRelease: () => void,
  ) {
    this.inputs = inputTypes.map((input) => input.name);
    this.outputs = outputTypes.map((output) => output.name);
  }

  async run(
    feeds: Readonly<Record<string, Tensor | HeldTensor>>,
    options: RunOptions = {},
  ): Promise<Record<string, Tensor>> {
    if (this.#released) throw new EngineError(`program '${this.name}' has been released`);
    checkFeeds(this.name, this.inputTypes, feeds);
    const natives: Record<string, ort.Tensor> = {};
    for (const { name } of this.inputTypes) natives[name] = nativeOf(feeds[name], name);
    const into = options.into ?? {};
    const fetched = options.fetch ?? this.outputs.filter((name) => into[name] === undefined);
    requireOutputs(this.name, this.outputs, [...fetched, ...Object.keys(into)]);
    const fetches: Record<string, ort.Tensor | null> = {};
    for (const name of fetched) fetches[name] = null;
    for (const [name, held] of Object.entries(into)) fetches[name] = nativeOf(held, name);
    const results = await this.session.run(natives, fetches);
    for (const name of Object.keys(into)) {
      // What was written in place comes back as a copy, too, which nobody wants.
      if (results[name].data !== fetches[name]?.data) this.discard(results[name].data);
    }
    return Object.fromEntries(fetched.map((name) => [name, fromOnnxruntime(results[name])]));
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    this.onRelease();
    await this.session.release();
  }
}

function nativeOf(value: Tensor | HeldTensor, name: string): ort.Tensor {
  if (value instanceof OnnxruntimeTensor) return value.native;
  if ('data' in value) return nativeTensor(value);
  throw heldElsewhere(name);
}

function fromOnnxruntime(native: ort.Tensor): Tensor {
  return tensor(native.type as ElementType, native.dims, native.data as never) as Tensor;
}
