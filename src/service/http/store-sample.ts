import type { MetadataField } from '../../catalogue/metadata/metadata.ts';
import type { Catalogue } from '../../catalogue/mirror/catalogue.ts';
import type { StoredImage } from '../../catalogue/stores/vector-store.ts';

/** What a page has to know of a store before somebody searches it. */
export interface StoreSample {
  /** With all values of those texts that have few. */
  readonly fields: readonly (MetadataField & { readonly values?: string[] })[];
  /** Ids of some images, from all over the store. */
  readonly examples: readonly string[];
}

/** Images up to which a store is gone through: some tenths of a second. */
const mostImages = 100_000;
/** Values that a field may have to be chosen from. */
const mostValues = 50;
/** Images to begin with. */
const exampleCount = 24;

/** Goes through a store once, when it is first asked for and the store is there. */
export class StoreSampler {
  readonly #catalogue: Catalogue;
  #sample: Promise<StoreSample> | undefined;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** The sample of a store that is there. */
  sample(): Promise<StoreSample> {
    this.#sample ??= this.#read().catch((error: unknown) => {
      this.#sample = undefined;
      throw error;
    });
    return this.#sample;
  }

  async #read(): Promise<StoreSample> {
    const fields = await this.#catalogue.fields();
    if ((await this.#catalogue.count()) > mostImages) return { fields, examples: [] };
    const images = await this.#catalogue.images();
    return { fields: fields.map((field) => withValues(field, images)), examples: evenly(images) };
  }
}

function withValues(field: MetadataField, images: readonly StoredImage[]): StoreSample['fields'][number] {
  if (field.kind !== 'text') return field;
  const values = new Set<string>();
  for (const { metadata } of images) {
    const value = metadata?.[field.name];
    if (typeof value === 'string') values.add(value);
    if (values.size > mostValues) return field;
  }
  return values.size === 0 ? field : { ...field, values: [...values].sort() };
}

function evenly(images: readonly StoredImage[]): string[] {
  const count = Math.min(exampleCount, images.length);
  return Array.from({ length: count }, (_, place) => images[Math.floor(((place + 0.5) * images.length) / count)].id);
}
