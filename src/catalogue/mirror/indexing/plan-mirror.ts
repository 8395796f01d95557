import { availableParallelism } from 'node:os';
import path from 'node:path';
import { mapBounded } from '../../../foundation/concurrency/bounded-concurrency.ts';
import { throwIfAborted } from '../../../foundation/errors/abort-error.ts';
import type { ImageDataset, ImageRecord } from '../../../pictures/datasets/dataset.ts';
import { outOfSight } from '../../../pictures/datasets/passed-over.ts';
import { sameMetadata } from '../../metadata/metadata.ts';
import type { Sidecar } from '../../metadata/sidecar.ts';
import type { StoredImage } from '../../stores/vector-store.ts';
import { contentHash, type Fingerprint, lookAt, looksUntouched } from './fingerprint.ts';
import { metadataOf } from './image-metadata.ts';

/** Files that are looked at or hashed at a time. */
export const readers = 2 * availableParallelism();

/** What is stored of an image beside its bytes and its vector. */
export type KnownOfImage = Pick<StoredImage, 'metadata' | 'addedFrom'>;

/** An image that has to be embedded. */
export interface OutdatedImage {
  readonly image: ImageRecord;
  readonly known: KnownOfImage;
  /** Known where the image had to be read to see that it has changed. */
  readonly fingerprint?: Fingerprint | undefined;
}

/** An image that need not be embedded: the store knows its bytes under another name, or its vector is given. */
export interface KnownImage {
  readonly row: StoredImage;
  readonly image: ImageRecord;
  /** The image in the store that has the same bytes; undefined of those whose vectors are given. */
  readonly sameAs: string | undefined;
  /** What says which of the vectors that were given is its: its bytes, or its name alone. Undefined where none was given. */
  readonly given?: 'bytes' | 'name' | undefined;
}

/**
 * Vectors of the store's model that are known from elsewhere. Which images there are vectors of has to be in memory; the vectors are
 * asked for when they are taken, and may come from files.
 */
export interface GivenVectors {
  /** The SHA-256 of the bytes of the images that have one. */
  readonly hashes: ReadonlySet<string>;
  /** Lengths of the images' bytes. */
  readonly lengths: ReadonlySet<number>;
  /**
   * The names of images that have one, for those that are new to the store: nobody says what made these vectors. Some are compared
   * with what the model gives, before any is taken. Default: none.
   */
  readonly names?: ReadonlySet<string> | undefined;
  /** The vectors, some at a time in any order. It is called up to twice. */
  vectors(): AsyncIterable<readonly GivenVector[]>;
}

/** A vector that was given, and what image it is of: the one of these bytes, or of this name. */
export type GivenVector =
  | { readonly contentHash: string; readonly vector: Float32Array }
  | { readonly name: string; readonly vector: Float32Array };

/** What there is to do so that a store mirrors a dataset. */
export interface MirrorPlan {
  readonly outdated: readonly OutdatedImage[];
  /** Images whose vectors are known: new names of known bytes, and those that are given. */
  readonly known: readonly KnownImage[];
  /** Images whose vectors stay, and of which something else is known now. */
  readonly described: readonly StoredImage[];
  /** Images that are not there any more. */
  readonly vanished: readonly string[];
  /** Images whose pictures are as they were. */
  readonly unchanged: number;
  /** Images in the store that could not be looked for: they stay. */
  readonly outOfSight: number;
  /** Stored images that cannot be read at present: they stay. */
  readonly unreadable: readonly { readonly id: string; readonly reason: string }[];
}

/** What a plan goes by, beside the images. */
export interface PlanOptions {
  readonly sidecar?: Sidecar | undefined;
  /** The images are added to what is mirrored: nothing vanishes. Default: false. */
  readonly added?: boolean | undefined;
  /** Read every file again. */
  readonly recheck: boolean;
  /** Vectors that are known from elsewhere, by the bytes of their images. Default: none. */
  readonly vectors?: GivenVectors | undefined;
  /** True of a new or changed image that is left as it is, for now. Default: none is. */
  readonly leave?: ((image: ImageRecord) => Promise<boolean>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Finding =
  | { readonly kind: 'outdated'; readonly outdated: OutdatedImage }
  | { readonly kind: 'known'; readonly known: KnownImage }
  | { readonly kind: 'described'; readonly image: StoredImage }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'left' }
  | { readonly kind: 'unreadable'; readonly id: string; readonly reason: string };

/**
 * Compares a dataset with what is stored. Images that were added by themselves are no part of what a store
 * mirrors. A file is hashed where its
 * time or length is another than the stored one, and, of a new name, where an image of that very length is stored.
 */
export async function planMirror(
  dataset: ImageDataset,
  stored: readonly StoredImage[],
  options: PlanOptions,
): Promise<MirrorPlan> {
  const present = new Set(dataset.images.map(({ id }) => id));
  const isOutOfSight = outOfSight(dataset.passedOver ?? []);
  const mirrored = options.added === true ? [] : stored.filter(({ addedFrom }) => addedFrom === undefined);
  const missing = mirrored.map(({ id }) => id).filter((id) => !present.has(id));
  const vanished = missing.filter((id) => !isOutOfSight(id));
  const finder = new ChangeFinder(dataset, stored, options);
  const findings = await mapBounded(dataset.images, readers, (image) => finder.find(image));
  const of = <Kind extends Finding['kind']>(kind: Kind) =>
    findings.filter((finding): finding is Extract<Finding, { kind: Kind }> => finding.kind === kind);
  return {
    outdated: of('outdated').map(({ outdated }) => outdated),
    known: of('known').map(({ known }) => known),
    described: of('described').map(({ image }) => image),
    vanished,
    unchanged: of('unchanged').length + of('described').length,
    outOfSight: missing.length - vanished.length,
    unreadable: of('unreadable').map(({ id, reason }) => ({ id, reason })),
  };
}

class ChangeFinder {
  readonly #classes: readonly string[];
  readonly #stored: ReadonlyMap<string, StoredImage>;
  readonly #idOfHash: ReadonlyMap<string, string>;
  readonly #lengths: ReadonlySet<number>;
  readonly #options: PlanOptions;

  constructor({ classes }: ImageDataset, stored: readonly StoredImage[], options: PlanOptions) {
    this.#classes = classes;
    this.#stored = new Map(stored.map((image) => [image.id, image]));
    this.#idOfHash = new Map(stored.map(({ id, contentHash: hash }) => [hash, id]));
    this.#lengths = new Set(stored.map(({ byteLength }) => byteLength));
    this.#options = options;
  }

  async find(image: ImageRecord): Promise<Finding> {
    throwIfAborted(this.#options.signal);
    const stored = this.#stored.get(image.id);
    const known = this.#knownOf(image, stored);
    if (stored === undefined) return (await this.#isLeft(image)) ? { kind: 'left' } : this.#newName(image, known);
    try {
      const look = await lookAt(image.source);
      // What is stored by that name may be of another file, which looks the same.
      const isThatFile = stored.addedFrom === known.addedFrom;
      const isUntouched = isThatFile && !this.#options.recheck && looksUntouched(look, stored);
      if (!isUntouched && (await this.#isLeft(image))) return { kind: 'left' };
      const hash = isUntouched ? stored.contentHash : await contentHash(image.source);
      const fingerprint = { ...look, contentHash: hash };
      if (hash !== stored.contentHash) return this.#changed(image, known, fingerprint);
      const isSame = isThatFile && sameMetadata(known.metadata, stored.metadata);
      // A file whose time has changed alone is not hashed again from the next time on.
      const isTouched = look.modifiedAt !== 0 && look.modifiedAt !== stored.modifiedAt;
      if (isSame && !isTouched) return { kind: 'unchanged' };
      return {
        kind: 'described',
        image: { id: image.id, ...fingerprint, ...known },
      };
    } catch (error) {
      return { kind: 'unreadable', id: image.id, reason: (error as Error).message };
    }
  }

  async #isLeft(image: ImageRecord): Promise<boolean> {
    return (await this.#options.leave?.(image)) === true;
  }

  /** An image of a new name: known by its bytes, if they are those of a stored one. What cannot be read shows when it is decoded. */
  async #newName(image: ImageRecord, known: KnownOfImage): Promise<Finding> {
    const outdated: Finding = { kind: 'outdated', outdated: { image, known } };
    const look = await lookAt(image.source).catch(() => undefined);
    const isNamed = this.#options.vectors?.names?.has(image.id) === true;
    const isKnownLength = (length: number) => this.#lengths.has(length) || this.#options.vectors?.lengths.has(length);
    if (look === undefined || (!isNamed && !isKnownLength(look.byteLength))) return outdated;
    const hash = await contentHash(image.source).catch(() => undefined);
    return hash === undefined ? outdated : this.#changed(image, known, { ...look, contentHash: hash }, isNamed);
  }

  #changed(image: ImageRecord, known: KnownOfImage, fingerprint: Fingerprint, isNamed = false): Finding {
    const sameAs = this.#idOfHash.get(fingerprint.contentHash);
    const hasBytes = this.#options.vectors?.hashes.has(fingerprint.contentHash) === true;
    const given = hasBytes ? 'bytes' : isNamed ? 'name' : undefined;
    if (sameAs === undefined && given === undefined)
      return { kind: 'outdated', outdated: { image, known, fingerprint } };
    return { kind: 'known', known: { row: { id: image.id, ...fingerprint, ...known }, image, sameAs, given } };
  }

  #knownOf(image: ImageRecord, stored: StoredImage | undefined): KnownOfImage {
    const metadata = metadataOf(image, this.#classes, this.#options.sidecar, stored);
    const { source } = image;
    const file = source.kind === 'file' ? path.resolve(source.path) : '';
    return {
      ...(metadata === undefined ? {} : { metadata }),
      ...(this.#options.added === true ? { addedFrom: file } : {}),
    };
  }
}
