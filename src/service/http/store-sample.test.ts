import { describe, expect, it } from 'vitest';
import type { MetadataField } from '../../catalogue/metadata/metadata.ts';
import type { Catalogue } from '../../catalogue/mirror/catalogue.ts';
import type { StoredImage } from '../../catalogue/stores/vector-store.ts';
import { StoreSampler } from './store-sample.ts';

/** As much of a catalogue as a sample is made of. */
function catalogueOf(images: readonly Pick<StoredImage, 'id' | 'metadata'>[], fields: readonly MetadataField[]) {
  const looks = { count: 0 };
  const catalogue = {
    count: async () => images.length,
    fields: async () => fields,
    images: async () => {
      looks.count++;
      return images;
    },
  };
  return { catalogue: catalogue as unknown as Catalogue, looks };
}

describe('StoreSampler', () => {
  it('has all values of texts with few, and images from all over, and looks once', async () => {
    const images = Array.from({ length: 100 }, (_, place) => ({
      id: `${place}`,
      metadata: { class: place % 2 === 0 ? 'b' : 'a', name: `n${place}`, price: place, tags: ['x'] },
    }));
    const fields = [
      { name: 'class', kind: 'text' },
      { name: 'name', kind: 'text' },
      { name: 'none', kind: 'text' },
      { name: 'price', kind: 'number' },
      { name: 'tags', kind: 'list' },
    ] as const;
    const { catalogue, looks } = catalogueOf(images, fields);
    const sampler = new StoreSampler(catalogue);
    const { fields: found, examples } = await sampler.sample();
    expect(found).toEqual([{ name: 'class', kind: 'text', values: ['a', 'b'] }, ...fields.slice(1)]);
    expect(examples).toHaveLength(24);
    expect(new Set(examples).size).toBe(24);
    expect([examples[0], examples.at(-1)]).toEqual(['2', '97']);
    await sampler.sample();
    expect(looks.count).toBe(1);
  });

  it('of few images has each once', async () => {
    const { catalogue } = catalogueOf([{ id: 'a' }, { id: 'b' }], []);
    expect(await new StoreSampler(catalogue).sample()).toEqual({ fields: [], examples: ['a', 'b'] });
  });
});
