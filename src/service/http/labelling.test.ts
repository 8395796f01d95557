import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { form, type ServedCatalogue, serveCatalogue } from '../../../test/support/running-service.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { loadDataset } from '../../pictures/datasets/load-dataset.ts';
import { TeachingSession } from '../../teaching/session/teaching-session.ts';

let served: ServedCatalogue;
let engine: OnnxruntimeEngine;
let session: TeachingSession;
let [url, plain]: string[] = [];
beforeAll(async () => {
  served = await serveCatalogue();
  engine = await OnnxruntimeEngine.create({ threads: 1 });
  const { images } = await loadDataset(path.join(served.folder, 'pictures'));
  const model = path.join(served.folder, 'model.onnx');
  session = await TeachingSession.open({ images, model, folder: path.join(served.folder, 'answers'), engine });
  ({ url } = await served.start({ labelling: session }));
  ({ url: plain } = await served.start());
});
afterAll(async () => {
  await session.close();
  await engine.close();
  await served.remove();
});

async function ask(address: string, document?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { 'content-type': 'application/json' };
  const given = document === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(document) };
  const answer = await fetch(address, given);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('labelling over HTTP', () => {
  it('asks, keeps the answer, and takes it back', async () => {
    const { body: question } = await ask(`${url}/v1/label/question?rater=ann`);
    expect(question).toMatchObject({ kind: 'triplet' });
    expect((await ask(`${url}/v1/label/question?rater=ann`)).body).toEqual(question);
    const { keptAside: _, ...named } = question;
    const { status, body } = await ask(`${url}/v1/label/answer`, {
      ...named,
      rater: 'ann',
      seconds: 1,
      answer: 'left',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ images: 12, answers: 1, raters: [{ name: 'ann', answers: 1 }], teaching: null });
    expect((await ask(`${url}/v1/label/undo`, { rater: 'ann' })).body).toEqual({ query: question['query'] });
    expect((await ask(`${url}/v1/label/undo`, { rater: 'ann' })).body).toEqual({ query: null });
    const { body: grid } = await ask(`${url}/v1/label/question?rater=ann&kind=grid`);
    expect(grid['candidates']).toHaveLength(11);
  });

  it('says why it cannot be taught yet, and that there is nothing to write', async () => {
    await ask(`${url}/v1/label/teach`, {});
    let { body } = await ask(`${url}/v1/label/progress`);
    for (; body['teaching'] !== null; { body } = await ask(`${url}/v1/label/progress`));
    expect(body).toMatchObject({ taught: null, refused: expect.stringMatching(/no answer to learn from/) });
    expect(await ask(`${url}/v1/label/export`, {})).toMatchObject({ status: 400 });
  });

  it('refuses what is no answer and pictures that are not there, and keeps nothing of it', async () => {
    const answer = { kind: 'triplet', rater: 'ann', seconds: 1, reason: 'random', answer: 'left' };
    const [query, left] = [...session.images.keys()];
    for (const wrong of [
      { ...answer, query, left, right: left },
      { ...answer, query, left, right: '../model.onnx' },
      { ...answer, query, left, right: 'x', rater: ' ' },
      { ...answer, kind: 'grid', query, candidates: [left, 'x'], marked: [] },
      { ...answer, query, left, right: 'x', keptAside: false },
    ]) {
      expect((await ask(`${url}/v1/label/answer`, wrong)).status).toBe(400);
    }
    expect((await ask(`${url}/v1/label/nearest?id=none.png`)).status).toBe(404);
    expect((await ask(`${url}/v1/label/picture?id=..%2Fmodel.onnx`)).status).toBe(404);
    expect((await fetch(`${url}/v1/label/answer`, { method: 'POST', body: form({}) })).status).toBe(415);
    expect(session.answers).toEqual([]);
  });

  it('shows pictures and the page, whose files are of this place alone', async () => {
    const [id] = session.images.keys();
    const picture = await fetch(`${url}/v1/label/picture?side=64&id=${encodeURIComponent(id)}`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp']);
    for (const file of ['/label', '/label/label.css', '/label/label.js']) {
      const answer = await fetch(`${url}${file}`);
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toMatch(/https?:\/\//);
    }
  });

  it('is not there where nothing is labelled', async () => {
    for (const address of ['/label', '/v1/label/progress', '/v1/label/question?rater=ann', '/v1/label/picture?id=a']) {
      expect((await ask(`${plain}${address}`)).status).toBe(404);
    }
  });
});
