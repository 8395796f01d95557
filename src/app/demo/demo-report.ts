import type { Engine } from '../../engines/engine.ts';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import type { RunFolder } from '../../training/loop/run-folder.ts';
import { readSavedLog } from '../../training/loop/saved-run.ts';
import { trainingReport } from '../pages/report/training-report.ts';
import type { DatasetEvaluation } from '../runs/evaluation/evaluate-dataset.ts';
import { embeddingGallery } from '../runs/report/embedding-gallery.ts';
import { neighbourPictures } from '../runs/report/neighbour-pictures.ts';
import type { TrainRunResult } from '../runs/train-run.ts';

/** What the demo's page is written from: its run, what it found, and where things lie. */
export interface DemoReportOptions {
  readonly run: RunFolder;
  readonly training: TrainRunResult;
  readonly found: DatasetEvaluation;
  /** All pictures. */
  readonly dataset: ImageDataset;
  /** The pictures that were judged. */
  readonly judged: ImageDataset;
  readonly engine: Engine;
  readonly attribution: string;
  readonly seed: number;
}

/** Writes the demo's page: measures beside the baselines', queries with their neighbours, the training's curves. */
export async function writeDemoReport(options: DemoReportOptions): Promise<void> {
  const { run, training, found, dataset, judged, engine, attribution, seed } = options;
  const { baselines, embedded } = found;
  const measures = [
    ...(baselines === undefined
      ? []
      : [
          { name: 'raw pixels', values: baselines.rawPixels.measures },
          { name: 'HOG', values: baselines.hog.measures },
        ]),
    { name: 'trained', values: found.report.measures, note: 'On concepts that training never saw.' },
  ];
  const shown = {
    dataset: judged,
    embeddings: embedded,
    places: embedded.places,
    engine,
    seed,
  };
  const neighbours = await neighbourPictures(shown);
  const page = trainingReport({
    title: 'Emoji across designers',
    subject: { date: new Date(), all: countOf(dataset), heldOut: countOf(judged) },
    config: training.config,
    log: await readSavedLog(run),
    measures,
    neighbours,
    ...(await embeddingGallery(shown)),
    evaluatedNote: 'All are of concepts that training never saw.',
    findings: training.findings,
    dataHash: training.dataHash,
    notice: attribution,
  });
  await writeAtomically(run.report, page);
}

const countOf = ({ images, classes }: ImageDataset) => ({ pictures: images.length, classes: classes.length });
