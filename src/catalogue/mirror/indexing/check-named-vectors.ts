import { UsageError } from '../../../foundation/errors/usage-error.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import type { GivenVectors, KnownImage } from './plan-mirror.ts';

/** Images whose given vectors are compared with the model's own. */
const compared = 8;
/** How far a given vector may be from the model's own, as a share of the latter's length: other decoders differ by a few thousandths. */
const mostApart = 0.1;

interface CheckOptions {
  readonly embedder: Embedder;
  readonly vectors?: GivenVectors | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compares some of the vectors that were given by the names of images alone with those that the model gives, spread over all.
 *
 * @throws UsageError if one is another: of another model, another picture, or another preparation.
 */
export async function checkNamedVectors(
  known: readonly KnownImage[],
  { embedder, vectors, signal }: CheckOptions,
): Promise<void> {
  const named = known.filter(({ sameAs, given }) => sameAs === undefined && given === 'name');
  const count = Math.min(compared, named.length);
  const sample = Array.from({ length: count }, (_, n) => named[Math.floor(((n + 0.5) * named.length) / count)]);
  const given = await vectorsOf(new Set(sample.map(({ image }) => image.id)), vectors);
  const sources = sample.map(({ image }) => image.source);
  for await (const result of embedder.embedSources(sources, { signal })) {
    // What cannot be decoded has no vector of the model's, and the error of the next one is as good.
    if ('unreadable' in result) continue;
    const { image } = sample[result.index];
    const vector = given.get(image.id);
    // A file that was written anew meanwhile may lack it: then it is not taken either.
    if (vector === undefined) continue;
    const apart = shareApart(vector, result.vector);
    if (apart <= mostApart) continue;
    throw new UsageError(
      `the vector that is given for '${image.id}' is not what the model makes of that picture: they are apart by ${apart > 10 ? 'more than 1,000' : Math.round(100 * apart)}% ` +
        'of its length; embed with this model, and look whether the names go with the rows',
      { path: 'vectors', expected: "the model's own vectors", value: image.id },
    );
  }
}

/** The vectors that were given for some names. */
async function vectorsOf(names: ReadonlySet<string>, given: GivenVectors | undefined) {
  const found = new Map<string, Float32Array>();
  if (names.size === 0 || given === undefined) return found;
  for await (const some of given.vectors()) {
    for (const one of some) if ('name' in one && names.has(one.name)) found.set(one.name, one.vector);
    if (found.size === names.size) break;
  }
  return found;
}

/** |a - b| / |b|. */
function shareApart(a: Float32Array, b: Float32Array): number {
  let [apart, length] = [0, 0];
  for (const [d, x] of b.entries()) {
    apart += (a[d] - x) ** 2;
    length += x * x;
  }
  return Math.sqrt(apart / length);
}
