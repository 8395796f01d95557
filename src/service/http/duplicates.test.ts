import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedCatalogue, serveCatalogue } from '../../../test/support/running-service.ts';
import { findDuplicates } from '../../catalogue/groups/find-duplicates.ts';
import { storedPictures } from '../../catalogue/groups/stored-pictures.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import type { RequestError } from '../../foundation/errors/request-error.ts';
import { defaultPictureLimits } from '../../pictures/decoding/picture-limits.ts';
import { LookalikeClient } from '../client/client.ts';
import { duplicatesSchema } from '../protocol/groups.ts';
import { openWorkStore } from '../work/open-work-store.ts';
import { CatalogueWork } from './catalogue-work.ts';

let served: ServedCatalogue;
let url: string;
let client: LookalikeClient;
beforeAll(async () => {
  served = await serveCatalogue();
  const pictures = path.join(served.folder, 'pictures');
  await mkdir(path.join(pictures, 'copies'));
  await copyFile(path.join(pictures, 'arrow/1.png'), path.join(pictures, 'copies/a longer name.png'));
  await cp(path.join(pictures, 'disc'), path.join(pictures, 'copies/disc'), { recursive: true });
  await served.catalogue.index(pictures);
  ({ url } = await served.start());
  client = new LookalikeClient(url);
});
afterAll(() => served.remove());

/** What is answered once nothing is under way any more. */
async function ended() {
  for (;;) {
    const answer = await client.duplicates({ limit: 100 });
    if (answer.work === null) return duplicatesSchema.parse(answer);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('near duplicates', () => {
  it('are looked for when they are asked for, and found as the library finds them, page by page', async () => {
    expect(await client.duplicates()).toEqual({ work: null, refused: null, found: null, groups: [] });
    const begun = await client.findDuplicates(0.3);
    expect(begun).toMatchObject({ found: null, work: { done: expect.any(Number) } });
    const { found, groups } = await ended();
    await using engine = await OnnxruntimeEngine.create({ threads: 1 });
    await using store = await openWorkStore(served.catalogue.uri);
    const wanted = await findDuplicates({ store, engine, maxDistance: 0.3 });
    expect(wanted.length).toBeGreaterThan(3);
    expect(groups.map(({ images }) => images.map(({ id }) => id).sort())).toEqual(
      wanted.map(({ images }) => images.map(({ id }) => id).sort()),
    );
    for (const [place, { exact, diameter, count }] of groups.entries()) {
      expect({ exact, count }).toEqual({ exact: wanted[place].exact, count: wanted[place].images.length });
      expect(diameter).toBeCloseTo(wanted[place].diameter, 6);
    }
    expect(groups[0].images[0]).toMatchObject({ width: 24, height: 24 });
    expect(groups.find(({ images }) => images.length === 2 && images[0].id === 'arrow/1.png')).toBeDefined();
    expect(found).toMatchObject({ maxDistance: 0.3, by: 'euclidean', images: 16, groups: wanted.length });
    const pages = await Promise.all([0, 2].map((offset) => client.duplicates({ offset, limit: 2 })));
    expect(pages.flatMap((page) => page.groups)).toEqual(groups.slice(0, 4));
    expect((await client.duplicates({ offset: 1000 })).groups).toEqual([]);
  });

  it('are copies of one picture where no distance is given', async () => {
    await client.findDuplicates();
    const { found, refused, groups } = await ended();
    expect(refused).toBeNull();
    expect(found).toMatchObject({ maxDistance: null, unseen: 0 });
    await using engine = await OnnxruntimeEngine.create({ threads: 1 });
    await using store = await openWorkStore(served.catalogue.uri);
    await using pictures = await storedPictures(store, {});
    const wanted = await findDuplicates({ store, engine, sketchOf: pictures.sketchOf });
    expect(wanted.length).toBeGreaterThan(3);
    expect(groups.map(({ images }) => images.map(({ id }) => id).sort())).toEqual(
      wanted.map(({ images }) => images.map(({ id }) => id).sort()),
    );
  });

  it('are refused by the page and the distance', async () => {
    for (const [asked, part] of [
      [client.duplicates({ limit: 101 }), 'query.limit'],
      [client.duplicates({ offset: -1 }), 'query.offset'],
      [client.findDuplicates(-1), 'request.maxDistance'],
    ] as const) {
      await asked.then(
        () => expect.fail('it is not refused'),
        (error: RequestError) => expect(error).toMatchObject({ problem: 'usage', path: part }),
      );
    }
  });

  it('are refused where nothing is indexed, and end with the service', async () => {
    const other = await serveCatalogue();
    const service = await other.start();
    const asked = new LookalikeClient(service.url);
    await asked.findDuplicates();
    await service.close();
    const { url: again } = await other.start();
    await rm(other.catalogue.uri, { recursive: true });
    await expect(new LookalikeClient(again).findDuplicates()).rejects.toMatchObject({ problem: 'store' });
    await other.remove();
  });

  it('say why they were not looked for, without a place of the machine', async () => {
    const { path: model } = served.catalogue.embedder.model;
    const store = path.join(served.folder, 'no store');
    const work = new CatalogueWork('duplicates', { model, store, pictureLimits: defaultPictureLimits });
    const faults: unknown[] = [];
    work.begin(0.1, (error) => faults.push(error));
    await expect.poll(() => work.state.refused, { timeout: 30_000 }).toEqual(expect.any(String));
    expect(work.state.refused).toMatch(/^nothing is indexed yet, or the store cannot be used/);
    expect(String(faults[0])).toContain(store);
    await work.close();
  });
});
