import { peer } from './entry.mjs';

const precisions = ['float32', 'bfloat16'];
const loaders = { 'no workers': 0, '1 worker': 1 };

/** What the peer can be set to in training preset `small` on emoji. */
const settings = precisions.flatMap((precision) =>
  Object.entries(loaders).map(([words, workers]) => ({
    name: `PyTorch, ${precision} and ${words}`,
    precision,
    workers,
  })),
);

/** The peer's settings, by name. */
export const demoPeerNames = settings.map(({ name }) => name);

/**
 * The peer's sides, one a precision and a setting of its loader; a tenth of the steps is their trial.
 *
 * @param {{ folder: string, threads: number, steps: number }} work
 */
export function demoPeers({ folder, threads, steps }) {
  return settings.map(({ name, precision, workers }) => {
    const how = ['--folder', folder, '--threads', threads, '--workers', workers, '--precision', precision];
    const counted = (count) => [...how, '--steps', count];
    return peer(name, ['torch', 'PIL'], 'demo_training.py', counted(steps), { trial: counted(Math.ceil(steps / 10)) });
  });
}
