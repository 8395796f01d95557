import { evaluateDataset } from '../dist/app/runs/evaluation/evaluate-dataset.js';
import { loadModel, WorkerEngine } from '../dist/index.js';

/**
 * Judges a model file on pictures, without baselines.
 *
 * @param {string} model
 * @param {import('../dist/index.js').ImageDataset} dataset
 * @param {{ threads: number, seed: number }} options
 * @returns the report, and what ran the model.
 */
export async function judgeModel(model, dataset, { threads, seed }) {
  const engine = await WorkerEngine.create({ threads });
  try {
    const embedder = await loadModel(model, { engine });
    const found = await evaluateDataset({ dataset, embedder, engine, seed, ks: [1, 5], baselines: false });
    await embedder.close();
    return { report: found.report, engine: engine.description };
  } finally {
    await engine.close();
  }
}
