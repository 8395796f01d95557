import { readFile, rename } from 'node:fs/promises';
import { METHODS } from 'node:http';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, form, type ServedCatalogue, serveCatalogue } from '../../../test/support/running-service.ts';
import { compareImages } from '../../catalogue/embedding/compare-images.ts';
import { isRaw } from '../protocol/endpoint.ts';
import { endpoints } from '../protocol/endpoints.ts';
import { type EndpointName, paths } from '../protocol/paths.ts';
import { startService } from './start-service.ts';

let served: ServedCatalogue;
let url: string;
let [a, b]: Uint8Array[] = [];
beforeAll(async () => {
  served = await serveCatalogue();
  ({ url } = await served.start());
  [a, b] = await Promise.all(
    ['arrow/1.png', 'bars/2.png'].map((name) => readFile(path.join(served.folder, 'pictures', name))),
  );
});
afterAll(() => served.remove());

/** The answer's document, which has to be what the endpoint's schema says. */
async function answerOf(name: EndpointName, init: RequestInit = {}, query = '') {
  const answer = await fetch(`${url}${paths[name].path}${query}`, { method: paths[name].method, ...init });
  const document = (await answer.json()) as { error: { message: string; path?: string } };
  const schema = endpoints[name].answer;
  if (answer.ok && schema !== undefined && !isRaw(schema)) expect(schema.parse(document)).toEqual(document);
  return { status: answer.status, document };
}

describe('a service', () => {
  it('says what it serves', async () => {
    const { status, document } = await answerOf('about');
    expect(status).toBe(200);
    expect(document).toMatchObject({
      model: { id: served.catalogue.embedder.model.id, dimension: 24, distance: 'euclidean' },
      store: {
        images: 12,
        distance: 'euclidean',
        changeable: false,
        fields: [{ name: 'class', kind: 'text', values: ['arrow', 'bars', 'cross', 'disc'] }],
      },
    });
    expect(JSON.stringify(document)).not.toContain(served.folder);
  });

  it('embeds, compares and searches as the library does', async () => {
    const { embedder } = served.catalogue;
    const embedded = await answerOf('embed', { body: form({ image: a }) });
    expect(embedded.document).toEqual({ embedding: [...(await embedder.embedImage(a))], model: embedder.model.id });
    const compared = await answerOf('compare', { body: form({ first: a, second: b }) });
    const { alike: _, ...comparison } = await compareImages(embedder, a, b);
    expect(compared.document).toEqual({ ...comparison, alike: null });
    const found = await answerOf('search', { body: form({ image: a }, { k: 5, within: 'b' }) });
    const wanted = await served.catalogue.search(a, 5, { prefix: 'b' });
    expect(found.document).toEqual({
      images: wanted.map(({ id, distance, metadata }) => ({ id, distance, alike: null, metadata })),
      by: 'euclidean',
    });
    expect(wanted).toHaveLength(3);
  });

  it('searches by images of the store and vectors, by examples, page by page, and narrowed', async () => {
    const ask = async (document: object, files = {}) =>
      (await answerOf('search', { body: form(files, document) })).document as unknown as { images: { id: string }[] };
    const ids = async (document: object, files = {}) => (await ask(document, files)).images.map(({ id }) => id);
    const { catalogue } = served;
    const queries = [{ id: 'arrow/1.png' }];
    const all = (await catalogue.search({ id: 'arrow/1.png' }, 12)).map(({ id }) => id);
    expect(await ids({ queries })).toEqual(all);
    expect([...(await ids({ queries, k: 5 })), ...(await ids({ queries, k: 5, offset: 5 }))]).toEqual(all.slice(0, 10));
    const vector = [...(await catalogue.embedder.embedImage(a))];
    expect(await ids({ queries: [{ vector }] })).toEqual(all);
    const json = { body: JSON.stringify({ queries, k: 3 }), headers: { 'content-type': 'application/json' } };
    expect((await answerOf('search', json)).document).toEqual(await ask({ queries, k: 3 }));
    const likeB = (await catalogue.search(a, { k: 12, like: [b], unlike: [{ id: 'disc/1.png' }] })).map(({ id }) => id);
    expect(await ids({ unlike: [{ id: 'disc/1.png' }] }, { image: a, like: b })).toEqual(likeB);
    expect(likeB).not.toEqual(all);
    expect(await ids({ queries, where: "class = 'bars' or class = 'disc'" })).toEqual(
      all.filter((id) => /^(bars|disc)/.test(id)),
    );
    const { distance } = (await catalogue.search(a, 4))[3];
    expect(await ids({ queries, maxDistance: distance })).toEqual(all.slice(0, 4));
  });

  it('compares images of the store with pictures and with each other', async () => {
    const wanted = await compareImages(served.catalogue.embedder, a, b);
    const [first, second] = [{ id: 'arrow/1.png' }, { id: 'bars/2.png' }];
    const ask = async (document: object, files = {}) => answerOf('compare', { body: form(files, document) });
    expect((await ask({ first, second })).document).toMatchObject({ distance: wanted.distance });
    expect((await ask({ second }, { first: a })).document).toMatchObject({ distance: wanted.distance });
    expect(await ask({ first }, { first: a, second: b })).toMatchObject({ status: 400 });
    expect(await ask({ first })).toMatchObject({ status: 400 });
    expect(await ask({ first, second: { id: '../model.onnx' } })).toMatchObject({ status: 404 });
  });

  it('adds, replaces and removes images where it was told that it may', async () => {
    const id = 'new/ a/ñ.png';
    const query = `?id=${encodeURIComponent(id)}`;
    const put = (metadata: object, at = url) =>
      fetch(`${at}/v1/image${query}`, { method: 'PUT', body: form({ image: b }, { metadata }) });
    const remove = (at = url) => fetch(`${at}/v1/image${query}`, { method: 'DELETE' });
    expect([(await put({})).status, (await remove()).status]).toEqual([403, 403]);
    const { url: open } = await served.start({ changeable: true });
    expect((await put({ class: 'new', price: 3.5, tags: ['a', 'b'], sold: false }, open)).status).toBe(204);
    const image = await answerOf('image', {}, query);
    expect(image.document).toMatchObject({ id, metadata: { class: 'new', price: 3.5, tags: ['a', 'b'], sold: false } });
    const nearest = await answerOf('search', { body: form({ image: b }, { where: 'price > 3' }) });
    expect(nearest.document).toMatchObject({ images: [{ id, metadata: { class: 'new' } }] });
    expect(await (await put({ price: 'dear' }, open)).json()).toMatchObject({
      error: { path: 'request.metadata.price' },
    });
    expect((await put({ price: 4 }, open)).status).toBe(204);
    expect((await answerOf('image', {}, query)).document).toMatchObject({ metadata: { price: 4 } });
    expect(await (await remove(open)).json()).toEqual({ removed: 1 });
    expect(await (await remove(open)).json()).toEqual({ removed: 0 });
    expect((await answerOf('image', {}, query)).status).toBe(404);
  });

  it('shows a small picture of an image of the store, and of nothing else', async () => {
    const show = (id: string, side = '') => fetch(`${url}/v1/thumbnail?id=${encodeURIComponent(id)}${side}`);
    const shown = await show('arrow/1.png', '&side=64');
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(await sharp(await shown.arrayBuffer()).metadata()).toMatchObject({ width: 24, height: 24 });
    for (const id of ['arrow/9.png', '../model.onnx', 'arrow/../arrow/1.png', '/etc/passwd', "' OR '1' = '1"]) {
      expect((await show(id)).status).toBe(404);
    }
    expect((await show('arrow/1.png', '&side=65')).status).toBe(400);
    expect((await show('')).status).toBe(400);
  });

  it('shows what the store has kept of an image that was added, and of one whose file is gone', async () => {
    const { url: open } = await served.start({ changeable: true });
    const show = (id: string) => fetch(`${open}/v1/thumbnail?id=${encodeURIComponent(id)}&side=64`);
    const put = () => fetch(`${open}/v1/image?id=upload`, { method: 'PUT', body: form({ image: b }) });
    expect((await put()).status).toBe(204);
    expect((await show('upload')).status).toBe(404);
    const pictures = path.join(served.folder, 'pictures');
    expect(await served.catalogue.index(pictures, { thumbnails: true })).toMatchObject({ thumbnails: 12 });
    expect((await put()).status).toBe(204);
    await rename(pictures, `${pictures} away`);
    for (const id of ['upload', 'arrow/1.png']) {
      const shown = await show(id);
      expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp']);
      expect(await sharp(await shown.arrayBuffer()).metadata()).toMatchObject({ width: 24, height: 24 });
    }
    await rename(`${pictures} away`, pictures);
    await served.catalogue.remove(['upload']);
  });

  it.each([
    ['a document that is wrong', form({ image: new Uint8Array() }, { k: 0 }), 400, 'request.k'],
    ['an unknown option', form({ image: new Uint8Array() }, { count: 3 }), 400, 'request'],
    ['a form without a picture', form({}, { k: 3 }), 400, 'query'],
    ['a part of another name', form({ picture: Uint8Array.of(1) }), 400, 'picture'],
    ['too many pictures', form({ image: Array.from({ length: 9 }, () => Uint8Array.of(1)) }), 413, 'image'],
    ['a filter that is none', form({}, { queries: [{ id: 'arrow/1.png' }], where: 'price <' }), 400, 'where'],
    ['an image that is not there', form({}, { queries: [{ id: 'none.png' }] }), 404, undefined],
    ['a vector of another length', form({}, { queries: [{ vector: [1, 0] }] }), 400, 'query'],
    ['no picture', form({ image: Buffer.from('no picture at all') }), 422, undefined],
    ['an empty picture', form({ image: new Uint8Array() }), 422, undefined],
    ['a document that looks for nothing', '{"k":3}', 400, 'query'],
    [
      'a share where the model has no calibration',
      form({}, { queries: [{ id: 'arrow/1.png' }], minAlike: 0.5 }),
      400,
      'options.minAlike',
    ],
  ])('refuses %s', async (_, body, status, where) => {
    const headers: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
    const { status: found, document } = await answerOf('search', { body, headers });
    expect({ status: found, path: document.error.path }).toEqual({ status, path: where });
    expect(document.error.message).not.toContain(served.folder);
  });

  it('says what is not there, and what is asked in another way', async () => {
    expect((await fetch(`${url}/v2/search`)).status).toBe(404);
    for (const [where, method, allow] of [
      ['/v1/search', 'GET', 'POST'],
      ['/v1/embed', 'DELETE', 'POST'],
      ['/v1/image', 'POST', 'GET, HEAD, PUT, DELETE'],
    ] as const) {
      const { status, headers } = await fetch(`${url}${where}`, { method });
      expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow });
    }
  });

  it('says so of every method, also of those that go with a body', async () => {
    for (const method of ['TRACE', 'PROPFIND', 'PATCH', ...METHODS.filter((one) => one === 'QUERY')]) {
      const { status, headers } = await ask(`${url}/v1/about`, {}, method);
      expect({ method, status, allow: headers.allow }).toEqual({ method, status: 405, allow: 'GET, HEAD' });
    }
  });

  it("takes a form's document as a text and as a part that says that it is JSON", async () => {
    const asked = new FormData();
    asked.append('image', new Blob([Uint8Array.from(a)], { type: 'image/png' }), 'a.png');
    const json = (document: unknown) => new Blob([JSON.stringify(document)], { type: 'application/json' });
    asked.append('request', json({ k: 2 }));
    // A part with a file's name is a file.
    expect((await answerOf('search', { body: asked })).status).toBe(400);
    const part = (text: string) =>
      `--x\r\nContent-Disposition: form-data; name="request"\r\nContent-Type: application/json\r\n\r\n${text}\r\n--x--\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const body = part('{"queries":[{"id":"arrow/1.png"}],"k":2}');
    const { status, document } = await answerOf('search', { body, headers });
    expect({ status, images: (document as unknown as { images: object[] }).images.length }).toEqual({
      status: 200,
      images: 2,
    });
    const twice = part('{}').replace('--x--\r\n', part('{}'));
    expect(await answerOf('search', { body: twice, headers })).toMatchObject({
      status: 400,
      document: { error: { path: 'request', message: "the form has 'request' twice: send it once" } },
    });
    for (const wrong of ['{"k":', '"{}"', '7', 'null']) {
      expect(await answerOf('search', { body: part(wrong), headers })).toMatchObject({ status: 400 });
    }
  });

  it('begins work without a body, and refuses one that is no document', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const body of ['null', '[]', '"{}"', '7']) {
      expect(await answerOf('makeMap', { body, headers })).toMatchObject({ status: 400 });
    }
    expect(await answerOf('makeMap')).toMatchObject({ status: 200 });
  });

  it('is watched', async () => {
    expect(await answerOf('health')).toEqual({ status: 200, document: { status: 'ok' } });
    expect(await answerOf('ready')).toEqual({ status: 200, document: { status: 'ready' } });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^lookalike_request_seconds_count\{endpoint="health",status="200"\} \d+$/m);
    expect(metrics).toMatch(/^lookalike_requests_inside 0$/m);
    expect(metrics).toMatch(/^lookalike_upload_bytes 0$/m);
    expect(metrics).toMatch(/^nodejs_eventloop_lag_seconds /m);
  });

  it('logs a line a request, without what was asked for', async () => {
    const lines: string[] = [];
    const logged = await served.start({ log: { level: 'info', stream: { write: (line) => lines.push(line) } } });
    await fetch(`${logged.url}/v1/thumbnail?id=secret.png`);
    await logged.close();
    const answered = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'answered');
    expect(answered).toMatchObject([{ endpoint: 'thumbnail', status: 404, level: 30 }]);
    expect(lines.join('')).not.toContain('secret');
  });

  it('refuses to listen where others can reach it without a token, and at a port that is taken', async () => {
    const { catalogue, preparation } = served;
    const start = (host: string, port = 0) => startService({ catalogue, preparation, host, port, log: undefined });
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'example.org']) {
      await expect(start(host)).rejects.toMatchObject({ code: 'usage', path: 'token' });
    }
    await expect(start('127.0.0.1', Number(new URL(url).port))).rejects.toThrow(
      /cannot listen at 127.0.0.1, port \d+ .*EADDRINUSE/,
    );
  });

  it('refuses a folder of runs that is not there', async () => {
    const runs = path.join(served.folder, 'no-runs');
    await expect(served.start({ runs })).rejects.toThrow(/cannot read '.*no-runs': there is no such file or folder/);
  });
});
