import { useState } from 'preact/hooks';
import { saveFile } from '../../service/page/save-file.ts';
import type { Training } from './training/training.ts';
import type { PageWork } from './use-work.ts';
import type { AloneProgress, LoadedModel, TrainedModel } from './worker/protocol.ts';
import type { WorkerClient } from './worker/worker-client.ts';

/** A point of a curve. */
type Point = readonly [step: number, value: number];

/** The course of the training that was begun last. */
export interface Course {
  readonly losses: readonly Point[];
  readonly recalls: readonly Point[];
  /** Steps of the whole training. */
  readonly of: number;
  /** Milliseconds since the page was opened when the first step was done. */
  readonly begun: number;
}

/** A training in the page, and what came of it. */
export interface PageTraining {
  readonly course: Course | undefined;
  readonly outcome: TrainedModel | undefined;
  readonly train: (training: Training) => Promise<void>;
  /** Gives the new model to the browser as a file. */
  readonly download: () => Promise<void>;
  /** Searches by the new model from now on. */
  readonly use: () => Promise<void>;
}

const nothing: Course = { losses: [], recalls: [], of: 0, begun: 0 };

/** Training in the page's worker. @param onModel hears of a model that is loaded in place of the one before. */
export function useTraining(client: WorkerClient, work: PageWork, onModel: (model: LoadedModel) => void): PageTraining {
  const [course, setCourse] = useState<Course>();
  const [outcome, setOutcome] = useState<TrainedModel>();
  const hear = (progress: AloneProgress) =>
    setCourse((before = nothing) => {
      switch (progress.kind) {
        case 'step': {
          const begun = before.losses.length === 0 ? performance.now() : before.begun;
          return { ...before, begun, of: progress.of, losses: [...before.losses, [progress.step, progress.loss]] };
        }
        case 'evaluation':
          return { ...before, recalls: [...before.recalls, [progress.step, progress.recallAt1]] };
        default:
          return before;
      }
    });
  const train = async (training: Training) => {
    setCourse(nothing);
    setOutcome(undefined);
    setOutcome(await work.run((heard) => client.ask('train', training, heard), hear));
  };
  const download = async () => {
    const bytes = await work.run(() => client.ask('trainedModel', undefined));
    if (bytes !== undefined) saveFile('model.onnx', 'application/octet-stream', Uint8Array.from(bytes));
  };
  const use = async () => {
    const model = await work.run((heard) => client.ask('useTrained', undefined, heard));
    if (model !== undefined) onModel(model);
  };
  return { course, outcome, train, download, use };
}
