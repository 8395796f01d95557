import { EngineError } from '../../foundation/errors/engine-error.ts';
import { formatShape, sameShape } from '../../graph/tensor/shape.ts';
import { copyTensor, type Tensor, tensor } from '../../graph/tensor/tensor.ts';
import { checkFeeds, type GraphInput } from '../check-feeds.ts';
import type { HeldTensor, Placement, Program, RunOptions } from '../engine.ts';
import { heldElsewhere } from '../held-tensor.ts';
import { OnnxruntimeTensor } from '../onnxruntime/onnxruntime-engine.ts';
import { requireOutputs } from '../require-outputs.ts';
import type { PlacedPlan } from './placed-plan.ts';
import { type ForeignStep, isCrossing } from './plan/step.ts';

type Feeds = Readonly<Record<string, Tensor | HeldTensor>>;

/** A program of both engines: primitives of oneDNN, and parts of the other engine over the same memory. */
export class OneDnnProgram implements Program {
  readonly inputs: readonly string[];
  #released = false;
  /** Runs follow one another: they share the program's memory. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly name: string,
    private readonly inputTypes: readonly GraphInput[],
    readonly outputs: readonly string[],
    private readonly placed: PlacedPlan,
    private readonly parts: readonly Program[],
    private readonly onRelease: () => void,
  ) {
    this.inputs = inputTypes.map((input) => input.name);
  }

  async run(feeds: Feeds, options: RunOptions = {}): Promise<Record<string, Tensor>> {
    if (this.#released) throw new EngineError(`program '${this.name}' has been released`);
    checkFeeds(this.name, this.inputTypes, feeds);
    const into = options.into ?? {};
    const fetched = options.fetch ?? this.outputs.filter((name) => into[name] === undefined);
    requireOutputs(this.name, this.outputs, [...fetched, ...Object.keys(into)]);
    const run = this.#last.then(() => this.#run(feeds, fetched, into));
    this.#last = run.catch(() => undefined);
    return run;
  }

  /** Names of the primitives' code, for tests and for people who look for time: `conv1.Conv jit:avx512_core`. */
  get implementations(): readonly string[] {
    return this.placed.implementations;
  }

  get placement(): Placement {
    return this.placed.placement;
  }

  /** Bytes that all that lies between its inputs and outputs takes in oneDNN. */
  get arenaBytes(): number {
    return this.placed.arenaBytes;
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    this.onRelease();
    await this.#last;
    for (const part of this.parts) await part.release();
    this.placed.release();
  }

  async #run(
    feeds: Feeds,
    fetched: readonly string[],
    into: Readonly<Record<string, HeldTensor>>,
  ): Promise<Record<string, Tensor>> {
    const { placed } = this;
    // An address keeps nothing alive: `feeds` and `into` do, until the end of this function.
    for (const name of placed.inputs) placed.pointInput(name, float32Of(feeds[name], name));
    const results: Record<string, Tensor> = {};
    for (const [name, shape] of placed.outputs) {
      const held = into[name];
      if (held === undefined) {
        placed.pointOutput(name, undefined);
        continue;
      }
      if (held.type !== 'float32' || !sameShape(held.shape, shape)) {
        throw new EngineError(
          `program '${this.name}' gives float32${formatShape(shape)} for '${name}', which a held ${held.type}${formatShape(held.shape)} cannot take`,
        );
      }
      placed.pointOutput(name, float32Of(held, name));
    }
    for (const step of placed.steps) {
      if (typeof step === 'number') placed.execute(step);
      else Object.assign(results, await this.#runPart(step, feeds, fetched, into));
    }
    for (const [name, shape] of placed.outputs) {
      if (fetched.includes(name)) {
        results[name] = into[name] === undefined ? outputTensor(placed.output(name), shape) : await into[name].read();
      }
    }
    return Object.fromEntries(fetched.map((name) => [name, results[name]]));
  }

  async #runPart(
    step: ForeignStep,
    feeds: Feeds,
    fetched: readonly string[],
    into: Readonly<Record<string, HeldTensor>>,
  ): Promise<Record<string, Tensor>> {
    const { placed } = this;
    const given = step.feeds.map(
      ([name, from]) => [name, isCrossing(from) ? placed.crossing(from) : feeds[from.name]] as const,
    );
    const targets: [string, HeldTensor][] = [];
    const wanted: string[] = [];
    for (const [name, to] of step.results) {
      if (typeof to !== 'string') targets.push([name, placed.crossing(to)]);
      else if (into[to] !== undefined) targets.push([name, into[to]]);
      if (typeof to === 'string' && fetched.includes(to)) wanted.push(name);
    }
    return this.parts[step.program].run(Object.fromEntries(given), {
      fetch: wanted.filter((name) => into[name] === undefined),
      into: Object.fromEntries(targets),
    });
  }
}

/** The elements of what is fed or written, where they are. */
function float32Of(value: Tensor | HeldTensor, name: string): Float32Array {
  if (value instanceof OnnxruntimeTensor) return value.native.data as Float32Array;
  if ('data' in value) return value.data as Float32Array;
  throw heldElsewhere(name);
}

function outputTensor(elements: Float32Array, shape: readonly number[]): Tensor {
  return copyTensor(tensor('float32', shape, elements));
}
