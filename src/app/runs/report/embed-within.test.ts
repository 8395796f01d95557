import { expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../../test/fixtures/pixel-dataset.ts';
import { tinyConfig } from '../../../../test/fixtures/tiny-training.ts';
import type { Embedder } from '../../../catalogue/embedding/embedder.ts';
import { imagePlaces } from '../../../pictures/datasets/image-place.ts';
import { PixelCache } from '../../../pictures/preparation/pixel-cache.ts';
import { embedWithin } from './embed-within.ts';

it('embeds pictures in their order, and none anew whose embedding is known', async () => {
  const dataset = pixelDataset(evenClasses(25, 4));
  const pixels = new PixelCache(dataset, tinyConfig.preprocessing);
  let embedded = 0;
  // The sum of a picture's bytes, and how many there are.
  const embedPixels = async (bytes: Uint8Array) => {
    const { bytesPerImage } = pixels;
    const count = bytes.length / bytesPerImage;
    embedded += count;
    return Float32Array.from({ length: 2 * count }, (_, at) =>
      at % 2 === 1
        ? bytesPerImage
        : bytes.subarray((at / 2) * bytesPerImage, (at / 2 + 1) * bytesPerImage).reduce((sum, byte) => sum + byte, 0),
    );
  };
  const embedder = { dimension: 2, embedPixels } as unknown as Embedder;
  const places = imagePlaces(dataset);
  const all = await embedWithin(embedder, pixels, places, 60);
  expect([all.places, embedded]).toEqual([places, 100]);
  const known = await embedWithin(embedder, pixels, places.slice(3, 70), 60);
  embedded = 0;
  const turned = places.toReversed();
  const again = await embedWithin(embedder, pixels, turned, 60, known);
  expect(embedded).toBe(33);
  expect(again.places).toEqual(turned);
  for (const [row, place] of turned.entries())
    expect(again.data.slice(2 * row, 2 * row + 2)).toEqual(all.data.slice(2 * place, 2 * place + 2));
});
