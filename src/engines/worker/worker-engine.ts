import { Worker } from 'node:worker_threads';
import { builtEntry } from '../../foundation/built-entry.ts';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import type { Graph } from '../../graph/builder/graph.ts';
import { exportModel } from '../../graph/export/export-model.ts';
import { copyTensor, type Tensor } from '../../graph/tensor/tensor.ts';
import { checkFeeds, type GraphInput } from '../check-feeds.ts';
import type { CompileOptions, Engine, HeldTensor, Placement, Program, RunOptions } from '../engine.ts';
import { heldElsewhere } from '../held-tensor.ts';
import type { Precision } from '../onednn/onednn-settings.ts';
import { providerForm } from '../webgpu/provider-form.ts';
import { buffersOf, transferable } from './transferable.ts';
import { WorkerChannel } from './worker-channel.ts';
import type { Feed } from './worker-protocol.ts';
import { checkWorkerEngineSettings, type WorkerEngineSettings } from './worker-settings.ts';

/**
 * An engine in a thread of its own, onnxruntime's or, where `onednn` is chosen, oneDNN's over it, so that a run does not block
 * the caller's. Calls may overlap; they take effect in the order in which they were made.
 *
 * What a run is fed with is handed to the thread: the caller's tensor has no elements afterwards (copied first where its
 * buffer serves others, too). Results are handed back in the same way. `hold` and `write` copy.
 *
 * An idle engine does not keep the process alive. If its thread dies, every call that is not answered fails, and so
 * does every later one.
 */
export class WorkerEngine implements Engine {
  readonly description: string;
  readonly precision: Precision;
  readonly needsLengths: boolean;
  readonly #channel: WorkerChannel;

  readonly #settings: WorkerEngineSettings;

  private constructor(channel: WorkerChannel, description: string, settings: WorkerEngineSettings) {
    this.#channel = channel;
    this.description = description;
    this.#settings = settings;
    this.precision = settings.onednn?.precision ?? 'float32';
    this.needsLengths = settings.onednn !== undefined;
  }

  /** Starts the thread. @throws as the engine's own `create` does; EngineError if the thread does not start. */
  static async create(settings: WorkerEngineSettings = {}): Promise<WorkerEngine> {
    checkWorkerEngineSettings(settings);
    // The process's own flags are for its entry: some (`--input-type`) are refused for a file such as the thread's.
    const worker = new Worker(builtEntry(import.meta.url, 'engine-worker'), { execArgv: [] });
    const channel = new WorkerChannel(worker);
    const { description } = await channel.ask('start', settings).catch(async (error: unknown) => {
      await channel.end('the engine has not started');
      throw error;
    });
    return new WorkerEngine(channel, `${description}, in a thread of its own`, settings);
  }

  async compile(graph: Graph, options: CompileOptions = {}): Promise<Program> {
    const outputs = [...graph.outputs].map(([name, { type, shape }]) => ({ name, type, shape }));
    const { onednn, providers } = this.#settings;
    // oneDNN has kernels for gradients, under their own names.
    const bytes =
      onednn === undefined
        ? exportModel(providerForm(graph, providers), { lastNodeFirst: options.asBuilt ?? false })
        : exportModel(graph, { gradients: 'named' });
    return this.#load(bytes, graph.inputs, outputs, options, onednn !== undefined);
  }

  /** Prepares a model file's bytes, whose inputs and outputs the caller knows. */
  async load(
    bytes: Uint8Array,
    inputs: readonly GraphInput[],
    outputs: readonly GraphInput[],
    options: CompileOptions = {},
  ): Promise<Program> {
    return this.#load(bytes, inputs, outputs, options, false);
  }

  async #load(
    bytes: Uint8Array,
    inputs: readonly GraphInput[],
    outputs: readonly GraphInput[],
    options: CompileOptions,
    ours: boolean,
  ): Promise<Program> {
    const name = options.name ?? 'program';
    const loaded = await this.#channel.ask('load', {
      bytes,
      inputs: inputs.map(declared),
      outputs: outputs.map(declared),
      options: { name, asBuilt: options.asBuilt ?? false, givesBack: options.givesBack ?? false },
      ours,
    });
    const used = inputs.filter((input) => loaded.inputs.includes(input.name));
    return new WorkerProgram(this.#channel, loaded.program, name, used, loaded.outputs, loaded.placement);
  }

  async hold(value: Tensor): Promise<HeldTensor> {
    const copy = copyTensor(value);
    const number = await this.#channel.ask('hold', copy, buffersOf([copy]));
    return new WorkerTensor(this.#channel, number, value.type, value.shape);
  }

  /** Ends the thread when everything asked before is done. Closing twice, or after the thread died, does nothing. */
  async close(): Promise<void> {
    await this.#channel.ask('close', undefined).catch(() => undefined);
    await this.#channel.end('the engine has been closed');
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A tensor in the engine's thread. */
class WorkerTensor implements HeldTensor {
  constructor(
    readonly channel: WorkerChannel,
    readonly number: number,
    readonly type: Tensor['type'],
    readonly shape: Tensor['shape'],
  ) {}

  read(): Promise<Tensor> {
    return this.channel.ask('read', this.number);
  }

  async write(value: Tensor): Promise<void> {
    const copy = copyTensor(value);
    await this.channel.ask('write', { held: this.number, tensor: copy }, buffersOf([copy]));
  }

  async release(): Promise<void> {
    await this.channel.ask('releaseHeld', this.number);
  }
}

/** A program in the engine's thread. */
class WorkerProgram implements Program {
  readonly inputs: readonly string[];
  #released = false;

  constructor(
    private readonly channel: WorkerChannel,
    private readonly number: number,
    private readonly name: string,
    private readonly inputTypes: readonly GraphInput[],
    readonly outputs: readonly string[],
    readonly placement?: Placement,
  ) {
    this.inputs = inputTypes.map((input) => input.name);
  }

  async run(
    feeds: Readonly<Record<string, Tensor | HeldTensor>>,
    options: RunOptions = {},
  ): Promise<Record<string, Tensor>> {
    if (this.#released) throw new EngineError(`program '${this.name}' has been released`);
    checkFeeds(this.name, this.inputTypes, feeds);
    const sent = this.inputs.map((name) => [name, this.#feed(feeds[name], name)] as const);
    const tensors = sent.flatMap(([, feed]) => ('tensor' in feed ? [feed.tensor] : []));
    const into = Object.entries(options.into ?? {}).map(([name, held]) => [name, this.#numberOf(held, name)] as const);
    const argument = {
      program: this.number,
      feeds: Object.fromEntries(sent),
      into: Object.fromEntries(into),
      fetch: options.fetch ?? this.outputs.filter((name) => options.into?.[name] === undefined),
    };
    return { ...(await this.channel.ask('run', argument, buffersOf(tensors))) };
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    await this.channel.ask('releaseProgram', this.number);
  }

  #feed(value: Tensor | HeldTensor, name: string): Feed {
    return 'data' in value ? { tensor: transferable(value, name) } : { held: this.#numberOf(value, name) };
  }

  #numberOf(value: HeldTensor, name: string): number {
    if (value instanceof WorkerTensor && value.channel === this.channel) return value.number;
    throw heldElsewhere(name);
  }
}

/** Name, type and shape alone: what can be sent to a thread. */
function declared({ name, type, shape }: GraphInput): GraphInput {
  return { name, type, shape };
}
