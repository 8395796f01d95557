import { describe, expect, it } from 'vitest';
import { evenClasses, pixelDataset } from '../../../test/fixtures/pixel-dataset.ts';
import { tinyConfig } from '../../../test/fixtures/tiny-training.ts';
import { placesOf } from '../../../test/support/places-of.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { tensor } from '../../graph/tensor/tensor.ts';
import { prepareData } from '../data/training-data.ts';
import { embedPlaces } from './embed-places.ts';
import { Trainer } from './trainer.ts';

const dataset = pixelDataset(evenClasses(4, 8), { size: 8 });
const config = { ...tinyConfig, heldOut: { share: 0.5, by: 'image' } } as const;
const dimension = config.network.embeddingDimension;

describe('embedPlaces', () => {
  it('gives a row a place in its order, whatever the batch around it', async () => {
    const engine = await OnnxruntimeEngine.create({ threads: 1 });
    const trainer = await Trainer.create(engine, config);
    const { pixels } = await prepareData(dataset, config);
    const places = placesOf([5, 0, 31, 7, 7, 12, 30, 2, 9, 1, 3, 4, 6, 8, 20, 21, 22]);
    const embeddings = await embedPlaces(trainer, pixels, places);
    expect(embeddings.length).toBe(places.length * dimension);
    for (const [row, place] of places.entries()) {
      const copies = await pixels.batch(new Array(12).fill(place));
      const { data } = await trainer.embed(tensor('uint8', [12, 8, 8, 3], copies));
      expect(embeddings.subarray(row * dimension, (row + 1) * dimension)).toEqual(
        (data as Float32Array).subarray(0, dimension),
      );
    }
    expect(await embedPlaces(trainer, pixels, [])).toEqual(new Float32Array(0));
    await engine.close();
  });
});
