import { evaluateDataset } from '../dist/app/runs/evaluation/evaluate-dataset.js';
import { loadModel, WorkerEngine } from '../dist/index.js';

/**
 * Judges a model file on pictures, without baselines.
 *
 * @param {string} model
 * @param {import('../dist/index.js').ImageDataset} dataset
 * @param {{ threads: number, seed: number, onednn?: boolean }} options with `onednn` by that engine, in float32
 * @returns the report, and what ran the model.
 */
export async function judgeModel(model, dataset, { threads, seed, onednn = false }) {
  const engine = await WorkerEngine.create({ threads, ...(onednn && { onednn: { precision: 'float32' } }) });
  try {
    const embedder = await loadModel(model, { engine });
    const found = await evaluateDataset({ dataset, embedder, engine, seed, ks: [1, 5], baselines: false });
    await embedder.close();
    return { report: found.report, engine: engine.description };
  } finally {
    await engine.close();
  }
}
