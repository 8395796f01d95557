import type { Graph } from '../../graph/builder/graph.ts';
import { neededParts } from '../../graph/export/needed.ts';
import { type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import type { GraphInput } from '../check-feeds.ts';
import type { CompileOptions, Engine, Program } from '../engine.ts';
import { nativeTensor } from '../native-tensor.ts';
import { OnnxruntimeEngine, OnnxruntimeTensor } from '../onnxruntime/onnxruntime-engine.ts';
import { inferenceForm, worksOnBytes } from './inference/inference-form.ts';
import { requireBfloat16 } from './library/instruction-set.ts';
import { NativeFunctions } from './library/native-functions.ts';
import { type OneDnnLibrary, type OpenLibraryOptions, openLibrary } from './library/open-library.ts';
import { limitThreads } from './library/thread-limit.ts';
import { alignedMemory } from './memory/aligned-memory.ts';
import { OneDnnProgram } from './onednn-program.ts';
import { checkOneDnnSettings, type OneDnnSettings, type Precision } from './onednn-settings.ts';
import { type Thresholds, usualThresholds } from './partition/suited-nodes.ts';
import { PlacedPlan } from './placed-plan.ts';
import { isStaticGraph, makePlan } from './plan/make-plan.ts';

/** Where a library is looked for, and what it is given. */
export interface OneDnnOpening extends OpenLibraryOptions {
  readonly thresholds?: Thresholds;
}

/**
 * Runs graphs with oneDNN, and what it does not have well with onnxruntime over the same memory, in the calling thread. What
 * oneDNN computes is of the precision that is asked for; everything that onnxruntime computes, and what is fed, held and given
 * back, is float32.
 */
export class OneDnnEngine implements Engine {
  readonly description: string;
  readonly precision: Precision;
  readonly needsLengths = true;
  readonly #programs = new Set<Program>();

  private constructor(
    readonly library: OneDnnLibrary,
    private readonly native: NativeFunctions,
    private readonly foreign: OnnxruntimeEngine,
    private readonly settings: OneDnnSettings,
    private readonly thresholds: Thresholds,
    private readonly endLimit: () => void,
  ) {
    const { version, threads, instructions } = library;
    const { precision = 'float32' } = settings;
    this.precision = precision;
    this.description = `oneDNN ${version} (${threads}, ${instructions.name}), ${precision}, with ${foreign.description}`;
  }

  /**
   * Opens oneDNN's library and an onnxruntime engine beside it.
   *
   * @param how where the library is looked for, and from when on something is given to oneDNN: tests have it take everything.
   * @throws EngineError as `openLibrary` and `requireBfloat16` do; UsageError as `checkOneDnnSettings` does.
   */
  static async create(
    settings: OneDnnSettings = {},
    { thresholds = usualThresholds, ...where }: OneDnnOpening = {},
  ): Promise<OneDnnEngine> {
    checkOneDnnSettings(settings);
    const library = await openLibrary(where);
    const { threads = 2, precision = 'float32' } = settings;
    if (precision === 'bfloat16') requireBfloat16(library.instructions);
    const endLimit = limitThreads(library.koffi, library.handle, library.build.threading, threads);
    const foreign = await OnnxruntimeEngine.create({ threads });
    const native = new NativeFunctions(library.koffi, library.handle);
    return new OneDnnEngine(library, native, foreign, settings, thresholds, endLimit);
  }

  async compile(graph: Graph, options: CompileOptions = {}): Promise<Program> {
    const program = (await this.#compileStatic(graph, options)) ?? (await this.foreign.compile(graph, options));
    this.#programs.add(program);
    return program;
  }

  /** Prepares a model file's bytes on onnxruntime, whose inputs and outputs the caller knows. */
  async load(
    bytes: Uint8Array,
    inputs: readonly GraphInput[],
    outputs: readonly GraphInput[],
    options: CompileOptions = {},
  ): Promise<Program> {
    return this.foreign.load(bytes, inputs, outputs, options);
  }

  /** Holds a copy that both engines read and write in place. */
  async hold(value: Tensor): Promise<OnnxruntimeTensor> {
    const { type, shape, data } = value;
    if (type !== 'float32') return this.foreign.hold(value);
    const memory = alignedMemory(this.library.koffi, data.byteLength);
    const elements = new Float32Array(memory.buffer, memory.offset, data.length);
    elements.set(data);
    return new OnnxruntimeTensor(type, shape, nativeTensor(tensor('float32', shape, elements)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#programs].map((program) => program.release()));
    await this.foreign.close();
    this.endLimit();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #compileStatic(given: Graph, options: CompileOptions): Promise<Program | undefined> {
    if (!isStaticGraph(given) || worksOnBytes(given)) return undefined;
    const graph = options.asBuilt === true ? given : await inferenceForm(given, this.foreign);
    const { thresholds } = this;
    const compute = this.settings.precision ?? 'float32';
    const anyKernel = thresholds.elements === 0;
    const plan = makePlan(graph, this.native, { compute, thresholds, anyKernel, loops: options.asBuilt === true });
    if (plan === undefined) return undefined;
    const name = options.name ?? 'program';
    const parts: Program[] = [];
    for (const [place, part] of plan.parts.entries()) {
      parts.push(await this.foreign.compile(part, { ...options, name: `${name}, part ${place + 1}` }));
    }
    const inputs = neededParts(graph).inputs.map(({ name: input, type, shape }) => ({ name: input, type, shape }));
    const program: OneDnnProgram = new OneDnnProgram(
      name,
      inputs,
      [...graph.outputs.keys()],
      new PlacedPlan(plan),
      parts,
      () => this.#programs.delete(program),
    );
    return program;
  }
}
