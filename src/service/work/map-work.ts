import { Buffer } from 'node:buffer';
import { availableParallelism } from 'node:os';
import { storedTable } from '../../catalogue/groups/stored-table.ts';
import { layOutRows } from '../../catalogue/layout/lay-out-rows.ts';
import type { StoredImage } from '../../catalogue/stores/vector-store.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import type { Progress } from '../../foundation/progress/progress.ts';
import { openWorkStore } from './open-work-store.ts';
import type { WorkDone, WorkSettings } from './work-protocol.ts';

/** Digits of a coordinate: a ten-thousandth of the map's side is less than a pixel until one looks very near. */
const digits = 5;

/** All images of a store in the plane. */
export async function mapStore(
  settings: WorkSettings,
  seed: number,
  onProgress: (progress: Progress) => void,
): Promise<WorkDone<'map'>> {
  await using store = await openWorkStore(settings.store);
  await using engine = await OnnxruntimeEngine.create({ threads: availableParallelism() });
  const table = await storedTable(store);
  const places = await layOutRows(table, { engine, distance: store.stamp.distance, seed, onProgress });
  const classes = [...new Set(table.images.map(classOf))].sort();
  const placeOf = new Map(classes.map((name, place) => [name, place]));
  const coordinate = (row: number, axis: number) => Number(places[2 * row + axis].toFixed(digits));
  const document = {
    ids: table.images.map(({ id }) => id),
    x: table.images.map((_, row) => coordinate(row, 0)),
    y: table.images.map((_, row) => coordinate(row, 1)),
    classes,
    classOf: table.images.map((image) => placeOf.get(classOf(image))),
  };
  const json = new Uint8Array(Buffer.from(JSON.stringify(document)));
  return { result: { seed, images: table.images.length, json }, transfer: [json.buffer] };
}

function classOf({ id, metadata }: StoredImage): string {
  const named = metadata?.['class'];
  return typeof named === 'string' ? named : id.split('/').slice(0, -1).join('/');
}
