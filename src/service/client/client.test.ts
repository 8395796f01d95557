import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedCatalogue, serveCatalogue } from '../../../test/support/running-service.ts';
import { compareImages } from '../../catalogue/embedding/compare-images.ts';
import { RequestError } from '../../foundation/errors/request-error.ts';
import { LookalikeClient } from './client.ts';

const token = 'a-token-of-the-test';
let served: ServedCatalogue;
let client: LookalikeClient;
let url: string;
let [a, b]: Uint8Array[] = [];
beforeAll(async () => {
  served = await serveCatalogue();
  ({ url } = await served.start({ token }));
  client = new LookalikeClient(`${url}/`, { token });
  [a, b] = await Promise.all(
    ['arrow/1.png', 'bars/2.png'].map((name) => readFile(path.join(served.folder, 'pictures', name))),
  );
});
afterAll(() => served.remove());

/** What a request is refused with. */
const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => expect.fail('it is not refused'),
    (error: RequestError) => {
      expect(error).toBeInstanceOf(RequestError);
      const { code, problem, status, message, path, retryAfter } = error;
      return { code, problem, status, message, path, retryAfter };
    },
  );

describe('LookalikeClient', () => {
  it('gives what the library gives', async () => {
    const { embedder } = served.catalogue;
    expect((await client.about()).model.id).toBe(embedder.model.id);
    const { embedding } = await client.embed(a);
    expect(embedding).toEqual([...(await embedder.embedImage(a))]);
    const { distance } = await compareImages(embedder, a, b);
    expect((await client.compare(a, b)).distance).toBe(distance);
    const found = await served.catalogue.search(a, 4);
    expect((await client.search(a, { k: 4 })).images.map(({ id }) => id)).toEqual(found.map(({ id }) => id));
    expect((await client.thumbnail('arrow/1.png', 64)).type).toBe('image/webp');
  });

  it('takes bytes of any kind', async () => {
    const wanted = await client.embed(a);
    const exact = new Uint8Array(a).buffer;
    const inside = new Uint8Array([0, 0, ...a, 0]).subarray(2, 2 + a.length);
    for (const bytes of [exact, inside, new Blob([exact]), new Blob([exact], { type: 'image/png' })]) {
      expect(await client.embed(bytes)).toEqual(wanted);
    }
  });

  it('rejects with what the service refuses, and where', async () => {
    expect(await refusal(client.search(a, { k: 0 }))).toMatchObject({
      code: 'request',
      problem: 'usage',
      status: 400,
      path: 'request.k',
    });
    expect(await refusal(client.embed(new Uint8Array([1, 2, 3])))).toMatchObject({
      problem: 'unreadable-image',
      status: 422,
    });
    expect(await refusal(client.thumbnail('none.png'))).toMatchObject({ problem: 'not-found', status: 404 });
    expect(await refusal(new LookalikeClient(url).about())).toMatchObject({ problem: 'unauthorized', status: 401 });
    const busy = await served.start({ limits: { uploadBytes: 10 } });
    expect(await refusal(new LookalikeClient(busy.url).embed(a))).toMatchObject({
      problem: 'busy',
      status: 429,
      retryAfter: 1,
    });
  });

  it('says where nobody answers, or something else does', async () => {
    expect(await refusal(new LookalikeClient('http://127.0.0.1:9').about())).toMatchObject({
      problem: 'unavailable',
      message: expect.stringMatching(/^no service answers at http:\/\/127\.0\.0\.1:9 \(.+\): start one$/),
    });
    expect(await refusal(new LookalikeClient(`${url}/elsewhere`, { token }).about())).toMatchObject({
      problem: 'not-found',
    });
  });

  it('is ended by a signal, with its reason', async () => {
    const reason = new Error('enough');
    const ended = new LookalikeClient(url, { token, signal: AbortSignal.abort(reason) });
    await expect(ended.about()).rejects.toBe(reason);
  });
});
