import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OnnxruntimeEngine } from '../../src/engines/onnxruntime/onnxruntime-engine.ts';
import type { ChoiceTables } from '../../src/training/configuration/choice-tables.ts';
import type { TrainingConfig } from '../../src/training/configuration/training-config.ts';
import { prepareData } from '../../src/training/data/training-data.ts';
import { readCheckpoint } from '../../src/training/loop/checkpoint.ts';
import { runFolder, startRun } from '../../src/training/loop/run-folder.ts';
import { train } from '../../src/training/loop/train.ts';
import type { TrainOptions, TrainOutcome } from '../../src/training/loop/train-options.ts';
import { evenClasses, pixelDataset } from '../fixtures/pixel-dataset.ts';

/** What two runs of one configuration came to. */
export interface StoppedAndResumed {
  /** In one session. */
  readonly whole: TrainOutcome;
  /** Stopped behind its third step, and resumed from its checkpoint. */
  readonly resumed: TrainOutcome;
  /** The step of that checkpoint, and the names of its tensors. */
  readonly checkpoint: { readonly step: number; readonly names: readonly string[] };
  /** The log of the one in one session. */
  readonly log: string;
  /** The error of a session whose tables are others. */
  refused(tables: ChoiceTables): Promise<string>;
}

/**
 * Trains a configuration on 36 pictures of four classes, by names that `tables` have, and again in two sessions; then hands both
 * outcomes to `check`. The type of a configuration knows the names of the program, so that it is given as it stands in
 * `config.json`.
 */
export async function stoppedAndResumed(
  asWritten: object,
  tables: ChoiceTables,
  check: (runs: StoppedAndResumed) => Promise<void> | void,
): Promise<void> {
  const config: TrainingConfig = JSON.parse(JSON.stringify(asWritten));
  const base = await mkdtemp(path.join(tmpdir(), 'toy-'));
  const engine = await OnnxruntimeEngine.create({ threads: 1 });
  try {
    const data = await prepareData(pixelDataset(evenClasses(4, 9), { size: 8 }), config, {
      samplers: tables.samplers,
    });
    const run = (name: string) => runFolder(path.join(base, name));
    const go = (name: string, options: Partial<TrainOptions> = {}) =>
      train({ plan: { config, data }, run: run(name), engine, tables, resume: false, ...options });
    for (const name of ['whole', 'parts']) await startRun(run(name), config);
    const whole = await go('whole');
    const stop = new AbortController();
    const onEvent: TrainOptions['onEvent'] = (event) => {
      if (event.kind === 'step' && event.progress.step === 3) stop.abort();
    };
    await go('parts', { signal: stop.signal, onEvent });
    const { step, tensors } = await readCheckpoint(run('parts').checkpoint);
    const resumed = await go('parts', { resume: true });
    const refused = (others: ChoiceTables) =>
      go('parts', { resume: true, tables: others }).then(
        () => 'it was not refused',
        ({ message }: Error) => message,
      );
    const checkpoint = { step, names: [...tensors.keys()] };
    await check({ whole, resumed, checkpoint, log: run('whole').log, refused });
  } finally {
    await engine.close();
    await rm(base, { recursive: true });
  }
}
