import type { Graph } from '../../graph/builder/graph.ts';
import { precisions } from '../onednn/onednn-settings.ts';
import { BlockedEngine } from '../onnxruntime/blocked-engine.ts';
import { OnnxruntimeEngine } from '../onnxruntime/onnxruntime-engine.ts';
import { speedRatio } from './speed-ratio.ts';
import { zeroFeeds } from './zero-feeds.ts';

/** bfloat16 is chosen unasked where gradients are so many times as fast in it: it rounds, and has to be worth that. */
export const worthRounding = 1.2;

/**
 * How many times as fast oneDNN computes a graph of known lengths in float32 as onnxruntime with its blocked kernels, measured as
 * `precisionRatio` does. Undefined where oneDNN computes nothing of the graph.
 *
 * @throws EngineError as `openLibrary` does.
 */
export async function oneDnnRatio(graph: Graph, threads: number): Promise<number | undefined> {
  const { OneDnnEngine } = await import('../onednn/onednn-engine.ts');
  await using ours = await BlockedEngine.over(await OnnxruntimeEngine.create({ threads }));
  await using theirs = await OneDnnEngine.create({ threads });
  const program = await theirs.compile(graph, { name: 'gradients', asBuilt: true });
  if ((program.placement?.share ?? 0) === 0) return undefined;
  const other = await ours.compile(graph, { name: 'gradients', asBuilt: true });
  return await speedRatio(other, program, () => zeroFeeds({ graph, lengths: new Map() }));
}

/**
 * How many times as fast oneDNN computes a graph of known lengths in bfloat16 as in float32: both run it some times by turns.
 * Undefined where the processor has no arithmetic in bfloat16, or oneDNN computes nothing of the graph.
 *
 * @throws EngineError as `openLibrary` does.
 */
export async function precisionRatio(graph: Graph, threads: number): Promise<number | undefined> {
  const { openLibrary } = await import('../onednn/library/open-library.ts');
  if (!(await openLibrary()).instructions.bfloat16) return undefined;
  const { OneDnnEngine } = await import('../onednn/onednn-engine.ts');
  await using float32 = await OneDnnEngine.create({ threads, precision: precisions[0] });
  await using bfloat16 = await OneDnnEngine.create({ threads, precision: precisions[1] });
  const programs = [];
  for (const engine of [float32, bfloat16]) {
    const program = await engine.compile(graph, { name: 'gradients', asBuilt: true });
    if ((program.placement?.share ?? 0) === 0) return undefined;
    programs.push(program);
  }
  return await speedRatio(programs[0], programs[1], () => zeroFeeds({ graph, lengths: new Map() }), worthRounding);
}
