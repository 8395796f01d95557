import { type Finding, mostImages, type NamedImages } from '../finding.ts';
import { shareText } from '../share-text.ts';

/** Pictures of one part of the data. */
export interface EvaluatedPart {
  readonly images: readonly number[];
  readonly digests: ReadonlyMap<number, string>;
  readonly idOf: (image: number) => string;
}

/** A picture that is judged on and one that is trained on which look nearly the same. */
export interface NearlyIdentical {
  readonly judged: number;
  readonly trained: number;
}

/**
 * Leakage: pictures to judge by that look the same as, or nearly the same as, a picture that is trained on. A measure on them
 * says how well the network remembers, not what it has learnt.
 *
 * Exact copies are those with one digest of the prepared pixels; `near` lists those that were found nearly identical, without
 * the exact ones or with them. A judged picture counts once.
 *
 * @param what where the judged pictures are from: `held-out pictures`, `pictures in 'test/'`.
 */
export function findLeakage(
  trained: EvaluatedPart,
  judged: EvaluatedPart,
  near: readonly NearlyIdentical[],
  what: string,
): Finding | undefined {
  const first = new Map<string, number>();
  for (const image of trained.images) {
    const digest = trained.digests.get(image);
    if (digest !== undefined && !first.has(digest)) first.set(digest, image);
  }
  const nearTo = new Map(near.map(({ judged: image, trained: twin }) => [image, twin]));
  const found: NamedImages[] = [];
  let identical = 0;
  for (const image of judged.images) {
    const twin = first.get(judged.digests.get(image) ?? '');
    if (twin !== undefined) identical++;
    const other = twin ?? nearTo.get(image);
    if (other === undefined) continue;
    const note = twin === undefined ? 'nearly the same picture' : 'the same picture';
    found.push({ ids: [judged.idOf(image), trained.idOf(other)], note: `${note}; the second is trained on` });
  }
  if (found.length === 0) return undefined;
  const share = found.length / judged.images.length;
  return {
    kind: 'leakage',
    title: 'Leakage from training into judging',
    seen: `${found.length} of ${judged.images.length} ${what} (${shareText(share)}) look like one that is trained on: ${identical} the same, ${found.length - identical} nearly the same.`,
    meaning: 'Measures on these pictures are better than on pictures that the network has never seen.',
    remedy: 'Keep all copies of a picture in one part, or remove them from one of the two, and judge again.',
    numbers: { identical, nearlyIdentical: found.length - identical, judged: judged.images.length, share },
    images: found.slice(0, mostImages),
  };
}
