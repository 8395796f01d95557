import { peer } from './entry.mjs';

const settings = { 'PyTorch, no workers': 0, 'PyTorch, 1 worker': 1 };

/** The peer's settings in training preset `small` on emoji. */
export const demoPeerNames = Object.keys(settings);

/**
 * The peer's sides, one a setting of its loader; a tenth of the steps is their trial.
 *
 * @param {{ folder: string, threads: number, steps: number }} work
 */
export function demoPeers({ folder, threads, steps }) {
  return Object.entries(settings).map(([name, workers]) => {
    const counted = (count) => ['--folder', folder, '--threads', threads, '--workers', workers, '--steps', count];
    return peer(name, ['torch', 'PIL'], 'demo_training.py', counted(steps), { trial: counted(Math.ceil(steps / 10)) });
  });
}
