import { encodeModelFile } from '../../../catalogue/embedding/model-encoding.ts';
import { type LinearMap, mappedRows } from '../../../ranking/closed-forms/closed-form.ts';
import { type Matrix, matrix, rowsAt, unitMatrix, unitRows } from '../../../ranking/closed-forms/matrix.ts';
import { MatrixProducts } from '../../../ranking/closed-forms/matrix-products.ts';
import { nextTurn } from '../worker/call-work.ts';
import type { TrainedFigures } from '../worker/protocol.ts';
import { calibratedHere, calibrationRemark, heldOutRows } from './calibrated-here.ts';
import { fitHead, type UnseenRows } from './fit-head.ts';
import { headDescription, headGraph } from './head-model.ts';
import { joinedRows } from './joined-rows.ts';
import type { LabelledPictures } from './labelled-pictures.ts';
import { figuresOf } from './trained-figures.ts';
import { createdBy, type KindOfTraining, type TrainedHere } from './trained-here.ts';

/**
 * Fits a head to the pictures' embeddings and writes the model with it. It is judged by the pictures that were kept aside; a head
 * that finds less of them than the model alone is left out.
 *
 * @throws AbortError if it was stopped.
 */
export async function trainHeadHere({ training, pictures, model, work }: KindOfTraining<'head'>): Promise<TrainedHere> {
  const { engine, metadata } = model;
  const rows = embeddingRows(pictures.images.map(({ vector }) => vector));
  const labels = pictures.train.map((place) => pictures.labels[place]);
  const fitted = await fitHead({
    engine,
    rows: rowsAt(rows, pictures.train),
    labels,
    steps: training.steps,
    seed: training.seed,
    signal: work.signal,
    async onStep(step, of, loss) {
      work.tell({ kind: 'step', step, of, loss });
      await nextTurn();
    },
    async onFoldStep(done, total) {
      work.tell({ kind: 'work', work: 'choosing by folds how far it goes', unit: 'steps', done, total });
      await nextTurn();
    },
  });
  const before = await figuresOf(unitRows(rows), pictures, engine);
  const mapped = await embeddedBy(fitted.map, rows, engine);
  const learnt = await figuresOf(mapped, pictures, engine);
  const isWorse = before !== undefined && learnt !== undefined && learnt.mapAtR.value < before.mapAtR.value;
  const map = isWorse ? identity(rows.columns) : fitted.map;
  const after = isWorse ? before : learnt;
  const said = { images: labels.length, classes: new Set(labels).size, steps: training.steps };
  const { distance, calibration } = metadata;
  const unseen = isWorse ? asOnePart(unitRows(rows), pictures) : withHeldOut(fitted.unseen, mapped, pictures);
  // What is known of a model that stays as it was stays, too.
  const tried = isWorse && calibration ? { calibration } : calibratedHere({ ...unseen, distance, seed: training.seed });
  const description = {
    ...headDescription(metadata, said, after === undefined ? {} : { pageFigures: { ...after } }),
    ...('calibration' in tried ? tried : {}),
  };
  const { bytes } = await encodeModelFile(headGraph(model.bytes, metadata, map), description, {
    engine,
    createdBy,
    name: 'the model with its head',
  });
  const remarks = [...fitted.remarks, ...verdict(isWorse, before), calibrationRemark(tried)];
  return { kind: 'head', before, after, remarks, bytes };
}

/** All pictures: the model as it was has learnt none of them here. */
function asOnePart(data: Float32Array, { labels }: LabelledPictures): UnseenRows {
  return { data, labels: Array.from(labels), parts: [labels.length] };
}

/** What heads of the folds made of classes that they had not learnt, and the head itself of the classes that were kept aside. */
function withHeldOut(folds: UnseenRows, mapped: Float32Array, pictures: LabelledPictures): UnseenRows {
  // Single pictures that are kept aside are of classes that are in the folds.
  if (pictures.by === 'image' || pictures.heldOut.length === 0) return folds;
  const { data, labels, parts } = heldOutRows(mapped, pictures);
  return {
    data: joinedRows([folds.data, data]),
    labels: [...folds.labels, ...labels],
    parts: [...folds.parts, ...parts],
  };
}

function embeddingRows(vectors: readonly Float32Array[]): Matrix {
  const rows = matrix(vectors.length, vectors[0].length);
  for (const [row, vector] of vectors.entries()) rows.data.set(vector, row * rows.columns);
  return rows;
}

async function embeddedBy(map: LinearMap, rows: Matrix, engine: KindOfTraining<'head'>['model']['engine']) {
  const products = new MatrixProducts(engine);
  try {
    return unitRows(await mappedRows(products, rows, map));
  } finally {
    await products.close();
  }
}

const identity = (size: number): LinearMap => ({ weight: unitMatrix(size), bias: new Float64Array(size) });

function verdict(isWorse: boolean, before: TrainedFigures | undefined): string[] {
  if (before === undefined) return ['Too few pictures could be kept aside to judge it by.'];
  return isWorse
    ? [
        'Of the pictures that were kept aside it finds less than the model alone: it is left out, the model is as it was.',
      ]
    : [];
}
