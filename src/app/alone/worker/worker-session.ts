import { concatenated } from '../../../catalogue/embedding/fixed-batches.ts';
import type { ModelMetadata } from '../../../catalogue/embedding/model-metadata.ts';
import { combinedVector } from '../../../catalogue/mirror/combined-vector.ts';
import type { WebEngine, WebProvider } from '../../../engines/web/web-engine.ts';
import { AbortError, throwIfAborted } from '../../../foundation/errors/abort-error.ts';
import { UsageError } from '../../../foundation/errors/usage-error.ts';
import { UnreadableImageError } from '../../../pictures/decoding/unreadable-image-error.ts';
import { preparedGroups } from '../pictures/picture-rows.ts';
import { trainHere } from '../training/train-here.ts';
import type { Training } from '../training/training.ts';
import { type CallWork, nextTurn } from './call-work.ts';
import { comparedVectors, LocalCatalogue } from './local-catalogue.ts';
import { modelOnEngine } from './model-on-engine.ts';
import { openEngine } from './open-engine.ts';
import type { PageModel } from './page-model.ts';
import type { AloneCall, AloneCalls, AskedPicture, LoadedModel, PictureFile } from './protocol.ts';

/** How each question is answered. */
export type AloneHandlers = {
  readonly [Call in AloneCall]: (
    argument: AloneCalls[Call]['argument'],
    work: CallWork,
  ) => Promise<AloneCalls[Call]['answer']>;
};

/** A model that was trained here. */
interface Trained {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Pictures that are prepared at a time, at least: decoding is then never what is waited for. */
const fewestAtATime = 8;

/** What the worker knows: a model, an engine and pictures. */
export class WorkerSession implements AloneHandlers {
  readonly #engines = new Map<WebProvider, Promise<WebEngine>>();
  #model: PageModel | undefined;
  #catalogue = new LocalCatalogue();
  #trained: Trained | undefined;

  readonly openModel: AloneHandlers['openModel'] = async ({ name, bytes, provider }, work) => {
    return this.#load(name, bytes, provider, work);
  };

  readonly addPictures: AloneHandlers['addPictures'] = async ({ pictures }, work) => {
    await this.#embedInto(this.#catalogue, pictures, this.#loaded(), work, true).catch((error: unknown) => {
      // What was embedded until it was stopped stays.
      if (!(error instanceof AbortError)) throw error;
    });
    return this.#catalogue.describe();
  };

  readonly search: AloneHandlers['search'] = async ({ queries, like, unlike, ...narrowed }) => {
    const model = this.#loaded();
    if (queries.length + like.length === 0) {
      throw new UsageError('nothing is looked for: give a picture', { path: 'queries', expected: 'a picture' });
    }
    const vector = combinedVector({
      queries: await this.#vectors(queries),
      like: await this.#vectors(like),
      unlike: await this.#vectors(unlike),
    });
    return this.#catalogue.search(vector, narrowed, model.metadata);
  };

  readonly compare: AloneHandlers['compare'] = async ({ first, second }) => {
    const [a, b] = await this.#vectors([first, second]);
    return comparedVectors(a, b, this.#loaded().metadata);
  };

  readonly train: AloneHandlers['train'] = async (training: Training, work) => {
    const model = this.#loaded();
    const { bytes, ...outcome } = await trainHere({ training, model, images: this.#catalogue.images, work });
    this.#trained = { name: 'the model that was trained here', bytes };
    return { ...outcome, bytes: bytes.length };
  };

  readonly useTrained: AloneHandlers['useTrained'] = async (_, work) => {
    const { name, bytes } = this.#lastTrained();
    return this.#load(name, bytes, 'auto', work);
  };

  readonly trainedModel: AloneHandlers['trainedModel'] = async () => this.#lastTrained().bytes;

  /** Loads a model and embeds all pictures by it; only then it takes the place of the one before. */
  async #load(name: string, bytes: Uint8Array, wish: WebProvider | 'auto', work: CallWork): Promise<LoadedModel> {
    const { model, computedBy } = await modelOnEngine(name, bytes, wish, (provider) => this.#engineOf(provider));
    const catalogue = new LocalCatalogue();
    try {
      await this.#embedInto(catalogue, this.#catalogue.images, model, work, false);
    } catch (error) {
      await model.close();
      throw error;
    }
    await this.#model?.close();
    this.#model = model;
    this.#catalogue = catalogue;
    const { attribution, dimension, calibration } = model.metadata;
    const description = describedHere(model.metadata);
    const calibrated = calibration !== undefined;
    return { name, description, attribution, dimension, calibrated, computedBy };
  }

  async #embedInto(
    catalogue: LocalCatalogue,
    pictures: readonly PictureFile[],
    model: PageModel,
    { tell, signal }: CallWork,
    withThumbnail: boolean,
  ): Promise<void> {
    const { preprocessing, embeddingBatch, dimension } = model.metadata;
    let done = 0;
    const told = () => tell({ kind: 'work', work: 'embedding', unit: 'pictures', done, total: pictures.length });
    if (pictures.length > 0) told();
    const size = Math.ceil(fewestAtATime / embeddingBatch) * embeddingBatch;
    for await (const group of preparedGroups(pictures, size, preprocessing, { withThumbnail })) {
      throwIfAborted(signal);
      const readable = group.flatMap(({ picture, prepared }) =>
        prepared instanceof UnreadableImageError ? [] : [{ picture, ...prepared }],
      );
      const rows = await model.embed(concatenated(readable.map(({ pixels }) => pixels)));
      for (const [row, { picture, thumbnail }] of readable.entries()) {
        const vector = rows.slice(row * dimension, (row + 1) * dimension);
        catalogue.put({ id: picture.id, file: picture.file, vector });
        if (thumbnail !== undefined) tell({ kind: 'thumbnail', id: picture.id, picture: thumbnail });
      }
      for (const { picture, prepared } of group) {
        if (prepared instanceof UnreadableImageError) catalogue.refuse(picture.id, prepared.reason);
      }
      done += group.length;
      told();
      await nextTurn();
    }
  }

  async #vectors(asked: readonly AskedPicture[]): Promise<Float32Array[]> {
    const { metadata } = this.#loaded();
    return Promise.all(
      asked.map(async (one) => {
        if ('id' in one) return this.#catalogue.vectorOf(one.id);
        const named = [{ id: one instanceof File ? one.name : 'your picture', file: one }];
        for await (const [{ prepared }] of preparedGroups(named, 1, metadata.preprocessing)) {
          if (prepared instanceof UnreadableImageError) throw prepared;
          return this.#loaded().embed(prepared.pixels);
        }
        throw new UsageError('nothing is looked for: give a picture', { path: 'queries', expected: 'a picture' });
      }),
    );
  }

  #loaded(): PageModel {
    if (this.#model !== undefined) return this.#model;
    throw new UsageError('there is no model in this page yet: choose a model.onnx', {
      path: 'model',
      expected: 'the model.onnx of a training run',
    });
  }

  #lastTrained(): Trained {
    if (this.#trained !== undefined) return this.#trained;
    throw new UsageError('nothing has been trained in this page yet: train first', {
      path: 'train',
      expected: 'a training that has ended',
    });
  }

  /** The engine of a provider, whose files are loaded once. */
  #engineOf(provider: WebProvider): Promise<WebEngine> {
    const opened = this.#engines.get(provider) ?? openEngine(provider);
    this.#engines.set(provider, opened);
    return opened;
  }
}

/** What a model says of itself, and what is otherwise in a page. */
function describedHere({ description, preprocessing }: ModelMetadata): string {
  if (preprocessing.decode !== 'scaled') return description;
  return `${description} Its large JPEG files are scaled by the decoder, which a page's is not told: their vectors differ a little here.`;
}
