import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedCatalogue, serveCatalogue } from '../../../test/support/running-service.ts';
import { storedTable } from '../../catalogue/groups/stored-table.ts';
import { layOutRows } from '../../catalogue/layout/lay-out-rows.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import type { RequestError } from '../../foundation/errors/request-error.ts';
import { LookalikeClient } from '../client/client.ts';
import { mapPointsSchema, mapSchema } from '../protocol/map.ts';
import { openWorkStore } from '../work/open-work-store.ts';

let served: ServedCatalogue;
let client: LookalikeClient;
beforeAll(async () => {
  served = await serveCatalogue();
  client = new LookalikeClient((await served.start()).url);
});
afterAll(() => served.remove());

const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => expect.fail('it is not refused'),
    ({ problem, path }: RequestError) => ({ problem, path }),
  );

async function made() {
  for (;;) {
    const answer = mapSchema.parse(await client.map());
    if (answer.work === null) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the map of the catalogue', () => {
  it('is made when it is asked for, has every image where the library lays it out, and stays until it is made anew', async () => {
    expect(await client.map()).toEqual({ work: null, refused: null, found: null, images: 12 });
    expect(await refusal(client.mapPoints())).toMatchObject({ problem: 'not-found' });
    expect(await client.makeMap(5)).toMatchObject({ found: null, work: { done: expect.any(Number) } });
    expect(await made()).toEqual({ work: null, refused: null, found: { seed: 5, images: 12 }, images: 12 });
    const points = await client.mapPoints();
    expect(mapPointsSchema.parse(points)).toEqual(points);
    await using engine = await OnnxruntimeEngine.create({ threads: 1 });
    await using store = await openWorkStore(served.catalogue.uri);
    const table = await storedTable(store);
    const places = await layOutRows(table, { engine, distance: 'euclidean', seed: 5 });
    expect(points.ids).toEqual(table.images.map(({ id }) => id));
    for (const row of points.ids.keys()) {
      expect(points.x[row]).toBeCloseTo(places[2 * row], 4);
      expect(points.y[row]).toBeCloseTo(places[2 * row + 1], 4);
    }
    expect(points.classes).toEqual(['arrow', 'bars', 'cross', 'disc']);
    expect(points.classOf.map((place) => points.classes[place])).toEqual(points.ids.map((id) => id.split('/')[0]));
    await client.makeMap(6);
    await made();
    expect((await client.mapPoints()).x).not.toEqual(points.x);
  });

  it('is refused by its seed, and where nothing is indexed', async () => {
    expect(await refusal(client.makeMap(-1))).toEqual({ problem: 'usage', path: 'request.seed' });
    expect(await refusal(client.makeMap(0.5))).toEqual({ problem: 'usage', path: 'request.seed' });
  });
});
