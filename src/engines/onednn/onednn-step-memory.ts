import type { Graph, Value } from '../../graph/builder/graph.ts';
import { neededParts } from '../../graph/export/needed.ts';
import { bytesOf } from '../memory/kernel-memory.ts';
import { estimateStepMemory, type StepMemory } from '../memory/step-memory.ts';
import { NativeFunctions } from './library/native-functions.ts';
import { type OpenLibraryOptions, openLibrary } from './library/open-library.ts';
import type { Precision } from './onednn-settings.ts';
import { type Thresholds, usualThresholds } from './partition/suited-nodes.ts';
import { isStaticGraph, makePlan } from './plan/make-plan.ts';
import { planMemory } from './plan/plan-memory.ts';

/** The library's code, threads and tables, and onnxruntime's beside it. */
const runtimeBytes = 60 * 2 ** 20;

/** Code that oneDNN writes for one primitive, and its tables: about so much in the networks of the presets. */
const primitiveBytes = 2 ** 17;

/**
 * What `estimateStepMemory` says, of the oneDNN engine: by the very plan that a graph would be run by, of which nothing is made.
 *
 * @param how as `OneDnnEngine.create` takes it.
 * @throws EngineError if oneDNN is not here.
 */
export async function oneDnnStepMemory(
  precision: Precision,
  { thresholds = usualThresholds, ...where }: OpenLibraryOptions & { readonly thresholds?: Thresholds } = {},
): Promise<(graph: Graph) => StepMemory> {
  const { koffi, handle } = await openLibrary(where);
  const native = new NativeFunctions(koffi, handle);
  return (graph) => {
    const options = { compute: precision, thresholds, anyKernel: thresholds.elements === 0 };
    const plan = isStaticGraph(graph) ? makePlan(graph, native, options) : undefined;
    if (plan === undefined) return estimateStepMemory(graph);
    const { arena, scratchBytes, constantBytes } = planMemory(plan);
    const primitives = plan.steps.filter(({ kind }) => kind === 'primitive').length;
    plan.objects.release();
    const parts = plan.parts.map((part) => estimateStepMemory(part).breakdown);
    const sum = (bytes: readonly number[]) => bytes.reduce((total, one) => total + one, 0);
    const copied = plan.parts.map(({ outputs }) => totalBytes(outputs.values()));
    const breakdown = {
      inputs: totalBytes(neededParts(graph).inputs),
      constants: constantBytes + sum(parts.map(({ constants }) => constants)),
      // What a part of onnxruntime's gives is copied by its binding, too, until the next part runs.
      outputs: totalBytes(graph.outputs.values()) + Math.max(0, ...copied),
      values: arena.bytes + scratchBytes + sum(parts.map(({ values }) => values)),
      runtime: runtimeBytes + primitives * primitiveBytes,
    };
    return { peakBytes: sum(Object.values(breakdown)), breakdown };
  };
}

const totalBytes = (values: Iterable<Value>): number => [...values].reduce((sum, value) => sum + bytesOf(value), 0);
