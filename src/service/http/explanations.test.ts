import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { form, type ServedCatalogue, serveCatalogue } from '../../../test/support/running-service.ts';
import { Explainer } from '../../catalogue/explanation/explainer.ts';
import { heatKinds } from '../../catalogue/explanation/heat-kind.ts';
import { drawHeats } from '../../catalogue/explanation/heat-map.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { defaultPictureLimits } from '../../pictures/decoding/picture-limits.ts';
import { LookalikeClient } from '../client/client.ts';
import { explanationSchema } from '../protocol/answers.ts';
import { WorkThread } from '../work/work-thread.ts';
import { Explanations } from './explanations.ts';

let served: ServedCatalogue;
let url: string;
beforeAll(async () => {
  served = await serveCatalogue();
  ({ url } = await served.start());
});
afterAll(() => served.remove());

const picture = (name: string) => readFile(path.join(served.folder, 'pictures', name));

describe('explaining', () => {
  it('gives what the library gives, of uploads and of images of the store', async () => {
    const [a, b] = await Promise.all([picture('arrow/1.png'), picture('bars/2.png')]);
    await using engine = await OnnxruntimeEngine.create({ threads: 1 });
    await using explainer = await Explainer.open(served.catalogue.embedder.model.path, engine);
    const wanted = await explainer.explain(a, b);
    const client = new LookalikeClient(url);
    const found = await client.explain({ id: 'arrow/1.png' }, b);
    expect(explanationSchema.parse(found)).toEqual(found);
    expect(found.similarity).toBeCloseTo(wanted.similarity, 5);
    expect(found.shares.map(({ path: name }) => name)).toEqual(wanted.shares.map(({ path: name }) => name));
    for (const [place, { share }] of found.shares.entries()) expect(share).toBeCloseTo(wanted.shares[place].share, 4);
    for (const by of heatKinds) {
      const [drawn] = drawHeats(
        [wanted.first, wanted.second].map((side) => ({ picture: side.picture, heat: side[by].heat })),
      );
      expect(found.first[by].agreement).toBeCloseTo(wanted.first[by].agreement, 1);
      const png = Buffer.from(found.first[by].heatmap.replace('data:image/png;base64,', ''), 'base64');
      const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([drawn.width, drawn.height]);
      const off = data.reduce((most, value, at) => Math.max(most, Math.abs(value - drawn.data[at])), 0);
      expect(off).toBeLessThanOrEqual(2);
    }
    expect(await client.explain(a, { id: 'bars/2.png' })).toEqual(found);
  });

  it('refuses what is no picture, what is not there, and a side that is missing', async () => {
    const a = await picture('arrow/1.png');
    const ask = async (files: Record<string, Uint8Array>, document: object = {}) => {
      const answer = await fetch(`${url}/v1/explain`, { method: 'POST', body: form(files, document) });
      return answer.status;
    };
    expect(await ask({ first: a })).toBe(400);
    expect(await ask({ first: a, second: Buffer.from('no picture') })).toBe(422);
    expect(await ask({ first: a }, { second: { id: '../model.onnx' } })).toBe(404);
    expect(await ask({ first: a, second: a, third: a })).toBe(400);
  });

  it('takes so many at a time, and is there again after its thread has ended', async () => {
    const { embedder, uri } = served.catalogue;
    const explanations = new Explanations(
      new WorkThread({ model: embedder.model.path, store: uri, pictureLimits: defaultPictureLimits }),
    );
    const a = await picture('arrow/1.png');
    const asked = await Promise.allSettled(Array.from({ length: 6 }, () => explanations.explain([a, a])));
    expect(asked.map(({ status }) => status)).toEqual([...Array(4).fill('fulfilled'), 'rejected', 'rejected']);
    expect(asked[5]).toMatchObject({ reason: { problem: 'busy' } });
    const cut = expect(explanations.explain([a, a])).rejects.toThrow(/of the service has stopped: it has been closed/);
    await explanations.close();
    await cut;
    expect((await explanations.explain([a, a])).similarity).toBeCloseTo(1, 5);
    await explanations.close();
  });
});
