import { concatenated } from '../../../catalogue/embedding/fixed-batches.ts';
import { throwIfAborted } from '../../../foundation/errors/abort-error.ts';
import type { ImagePlace } from '../../../pictures/datasets/image-place.ts';
import { UnreadableImageError } from '../../../pictures/decoding/unreadable-image-error.ts';
import type { PreprocessingRule } from '../../../pictures/preparation/preprocessing-rule.ts';
import type { PreparedPixels } from '../../../training/step/embed-places.ts';
import { preparedGroups } from '../pictures/picture-rows.ts';
import { type CallWork, nextTurn } from '../worker/call-work.ts';
import type { LocalImage } from '../worker/local-catalogue.ts';

/** Pictures that are decoded at a time. */
const atATime = 16;

/** Prepared pixels of all pictures of a training, in memory: 12 KB each at 64 x 64. */
export class PagePixels implements PreparedPixels {
  private constructor(
    readonly rule: PreprocessingRule,
    private readonly rows: readonly Uint8Array[],
  ) {}

  /** Prepares pictures. @throws UnreadableImageError if one can no longer be read; AbortError if it was stopped. */
  static async prepare(
    images: readonly LocalImage[],
    rule: PreprocessingRule,
    { tell, signal }: CallWork,
  ): Promise<PagePixels> {
    const rows: Uint8Array[] = [];
    for await (const group of preparedGroups(images, atATime, rule)) {
      throwIfAborted(signal);
      for (const { prepared } of group) {
        if (prepared instanceof UnreadableImageError) throw prepared;
        rows.push(prepared.pixels);
      }
      tell({ kind: 'work', work: 'preparing', unit: 'pictures', done: rows.length, total: images.length });
      await nextTurn();
    }
    return new PagePixels(rule, rows);
  }

  /** The pixels of some pictures. */
  async load(places: readonly ImagePlace[]): Promise<Uint8Array[]> {
    return places.map((place) => this.rows[place]);
  }

  /** The same, one after the other. */
  async batch(places: readonly ImagePlace[]): Promise<Uint8Array> {
    return concatenated(places.map((place) => this.rows[place]));
  }
}
