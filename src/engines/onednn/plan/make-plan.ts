import type { Graph, Node, OperatorNode, Value } from '../../../graph/builder/graph.ts';
import { producerOf } from '../../../graph/builder/value.ts';
import { neededParts } from '../../../graph/export/needed.ts';
import { isGradientOperator } from '../../../graph/operators/operator.ts';
import { bytesPerElement } from '../../../graph/tensor/element-type.ts';
import { isStatic, sizeOf, staticShape } from '../../../graph/tensor/shape.ts';
import type { Placement } from '../../engine.ts';
import type { DataType } from '../library/constants.ts';
import { type NativeFunctions, OneDnnRefusal } from '../library/native-functions.ts';
import { OneDnnObjects } from '../library/onednn-objects.ts';
import { loweringTable } from '../lowering/lowering-table.ts';
import type { Storage } from '../memory/storage.ts';
import { type Cut, cutLoops, cutStretches, type Stretch } from '../partition/cut-stretches.ts';
import { nameGelus } from '../partition/name-gelus.ts';
import { placementOf } from '../partition/placement.ts';
import type { Thresholds } from '../partition/suited-nodes.ts';
import { foreignPart } from './foreign-part.ts';
import { KernelRefusal } from './kernel-refusal.ts';
import { PlanBuilder } from './plan-builder.ts';
import { type PlannedSteps, planMemory } from './plan-memory.ts';
import type { Crossing } from './step.ts';

/** How a plan is made. */
export interface PlanOptions {
  readonly compute: DataType;
  readonly thresholds: Thresholds;
  readonly anyKernel: boolean;
  /** Loops over large tensors are oneDNN's in a graph in which it has nothing to multiply; they are in float32. Default: no. */
  readonly loops?: boolean;
}

/** A graph as steps of both engines; what is done once is constants into the layouts of primitives. */
export interface Plan extends PlannedSteps {
  readonly objects: OneDnnObjects;
  /** Constants that primitives read, by name. */
  readonly constants: ReadonlyMap<string, Value>;
  /** The other engine's parts. */
  readonly parts: readonly Graph[];
  readonly placement: Placement;
}

/**
 * Plans a graph: what oneDNN has well in stretches of primitives, the rest in parts for the other engine. A node for which it
 * turns out to have nothing, or plain loops, goes to the other engine, and the plan is made anew.
 *
 * Returns undefined where nothing is left for oneDNN.
 */
export function makePlan(given: Graph, native: NativeFunctions, options: PlanOptions): Plan | undefined {
  const graph = nameGelus(given);
  const plan = planBy(cutStretches, graph, native, options);
  if (plan !== undefined || options.loops !== true) return plan;
  const loops = planBy(cutLoops, graph, native, { ...options, compute: 'float32' });
  if (loops === undefined || planMemory(loops).arena.bytes <= mostBytesBetweenLoops) return loops;
  loops.objects.release();
  return undefined;
}

/** What may lie between loops, in bytes: a program keeps it, and each group of a large network's parameters has a program. */
const mostBytesBetweenLoops = 2 ** 26;

function planBy(cut: Cut, graph: Graph, native: NativeFunctions, options: PlanOptions): Plan | undefined {
  const { nodes } = neededParts(graph);
  const refused = new Set<Node>();
  for (;;) {
    const stretches = cut(nodes, graph.outputs.values(), options.thresholds, refused);
    if (stretches.every(({ engine }) => engine === 'foreign')) return undefined;
    const objects = new OneDnnObjects(native);
    const planner = new Planner(graph, stretches, objects, options);
    const lacking = planner.plan();
    if (lacking === undefined) return planner.result();
    objects.release();
    refused.add(lacking);
  }
}

class Planner {
  readonly #plan: PlanBuilder;
  readonly #outputs = new Map<Value, string[]>();
  readonly #readers = new Map<Value, OperatorNode[]>();
  /** Stretches that read a value, by their places. */
  readonly #readIn = new Map<Value, Set<number>>();
  readonly #crossings = new Map<Value, Crossing>();
  readonly #parts: Graph[] = [];

  constructor(
    private readonly graph: Graph,
    private readonly stretches: readonly Stretch[],
    private readonly objects: OneDnnObjects,
    { compute, anyKernel }: PlanOptions,
  ) {
    for (const [name, value] of graph.outputs) this.#outputs.set(value, [...(this.#outputs.get(value) ?? []), name]);
    for (const [place, { engine, nodes }] of stretches.entries()) {
      for (const node of nodes) for (const value of new Set(node.inputs)) this.#read(value, place, engine, node);
    }
    const foreign = (value: Value) =>
      [...(this.#readIn.get(value) ?? [])].some((place) => stretches[place].engine === 'foreign');
    this.#plan = new PlanBuilder(objects, {
      compute,
      anyKernel,
      learns: graph.nodes.some(({ kind, op }) => kind === 'operator' && isGradientOperator(op) && op !== 'FusedGelu'),
      outputs: this.#outputs,
      readers: (value) => this.#readers.get(value) ?? [],
      crosses: foreign,
    });
  }

  /** Makes all steps. Returns the node that oneDNN lacks, if there is one. */
  plan(): Node | undefined {
    for (const [place, stretch] of this.stretches.entries()) {
      if (stretch.engine === 'foreign') {
        this.#foreign(stretch.nodes, place);
        continue;
      }
      for (const node of stretch.nodes as readonly OperatorNode[]) {
        if (!this.#lower(node)) return node;
      }
      for (const value of stretch.nodes.flatMap(({ outputs }) => outputs)) this.#deliver(value);
      this.#plan.forgetCopiesOfInputs();
    }
    this.#passThrough();
    return undefined;
  }

  result(): Plan {
    const { steps, once } = this.#plan;
    const named = new Map(this.graph.constants.map((value) => [value.name, value]));
    const read = [...once, ...steps].flatMap((step) => (step.kind === 'primitive' ? step.arguments : []));
    const constants = new Map(
      read.flatMap(([, { storage }]) => {
        const value = storage.name === undefined ? undefined : named.get(storage.name);
        return storage.place === 'constant' && value !== undefined ? [[value.name, value] as const] : [];
      }),
    );
    return {
      objects: this.objects,
      steps,
      once,
      constants,
      parts: this.#parts,
      placement: placementOf(this.stretches),
    };
  }

  #read(value: Value | undefined, place: number, engine: Stretch['engine'], node: Node): void {
    if (value === undefined) return;
    if (engine === 'onednn') {
      this.#readers.set(value, [...(this.#readers.get(value) ?? []), node as OperatorNode]);
    }
    const places = this.#readIn.get(value) ?? new Set();
    this.#readIn.set(value, places.add(place));
  }

  #lower(node: OperatorNode): boolean {
    if (this.#plan.fused.has(node)) return true;
    try {
      loweringTable.get(node.op)!(this.#plan, node);
      return true;
    } catch (error) {
      if (error instanceof OneDnnRefusal || error instanceof KernelRefusal) return false;
      throw error;
    }
  }

  /** Puts a value where its outputs and the other engine find it. */
  #deliver(value: Value): void {
    const plan = this.#plan;
    if (!plan.has(value)) return;
    for (const name of this.#outputs.get(value) ?? []) {
      const { shape } = plan.datum(value);
      const layout = plan.plain(shape, 'float32');
      const output = plan.outputDatum(name, shape, layout);
      const made = plan.datum(value);
      if (made.storage !== output.storage) plan.reordered(value.name, made, layout, 'float32', output);
    }
    if (!plan.surroundings.crosses(value)) return;
    const plain = plan.asPlain(value);
    // The other engine reads a storage from its beginning.
    const isThere = plain.storage.place === 'arena' && plain.offset === undefined;
    const { storage } = isThere ? plain : plan.reordered(value.name, plain, plain.layout, 'float32');
    this.#crossings.set(value, { value, storage });
  }

  #foreign(nodes: readonly Node[], place: number): void {
    const outputs: (readonly [name: string, value: Value, to: string | Crossing])[] = [];
    for (const value of nodes.flatMap((node) => node.outputs)) {
      for (const name of this.#outputs.get(value) ?? []) outputs.push([name, value, name]);
      const elsewhere = [...(this.#readIn.get(value) ?? [])].some((reader) => reader !== place);
      if (elsewhere) outputs.push([`crossing:${value.name}`, value, this.#cross(value)]);
    }
    this.#addPart(nodes, outputs);
  }

  /** Outputs that no node makes: inputs and constants as they are. */
  #passThrough(): void {
    const outputs = [...this.graph.outputs].filter(([, value]) => producerOf(value) === undefined);
    if (outputs.length > 0)
      this.#addPart(
        [],
        outputs.map(([name, value]) => [name, value, name]),
      );
  }

  #addPart(nodes: readonly Node[], outputs: readonly (readonly [string, Value, string | Crossing])[]): void {
    if (outputs.length === 0) return;
    const { graph, inputs } = foreignPart(
      nodes,
      outputs.map(([name, value]) => [name, value]),
    );
    const feeds = [...inputs].map(([name, value]) => [name, this.#crossings.get(value) ?? value] as const);
    const results = outputs.map(([name, , to]) => [name, to] as const);
    this.#plan.steps.push({
      kind: 'foreign',
      name: `part ${this.#parts.length + 1}`,
      program: this.#parts.length,
      feeds,
      results,
    });
    this.#parts.push(graph);
  }

  /** Memory for a value that the other engine makes and another stretch reads. */
  #cross(value: Value): Crossing {
    const shape = staticShape(value.shape, `'${value.name}' between engines`);
    const storage: Storage = { place: 'arena', bytes: bytesPerElement[value.type] * sizeOf(shape), sharers: 1 };
    const crossing = { value, storage };
    this.#crossings.set(value, crossing);
    if (value.type === 'float32' && (this.#readers.get(value) ?? []).length > 0) {
      const layout = this.#plan.plain(shape, 'float32');
      this.#plan.define(value, { shape, type: 'float32', layout, storage });
    }
    return crossing;
  }
}

/** True if every length of a graph is known, as a plan needs. */
export function isStaticGraph(graph: Graph): boolean {
  const { inputs, nodes } = neededParts(graph);
  return [...inputs, ...nodes.flatMap((node) => node.outputs)].every(({ shape }) => isStatic(shape));
}
