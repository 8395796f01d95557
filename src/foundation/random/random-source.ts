import { type RandomGenerator, xoroshiro128plus } from 'pure-rand';
import { arrayOf, valueLike } from '../arguments/argument-rule.ts';
import { checkArgument } from '../arguments/check-options.ts';
import { InternalError } from '../errors/internal-error.ts';

/** The four 32-bit words of a generator: plain numbers, so that a checkpoint can carry them. */
export type RandomState = readonly number[];

const seedRule = valueLike<number>('a whole number', Number.isSafeInteger);
const nameRule = valueLike<string>('a text', (value) => typeof value === 'string');
const stateRule = arrayOf('the four words of a state', valueLike<number>('a whole number', Number.isInteger));

/**
 * A seeded stream of random numbers, passed by hand to whoever draws: there is no global source. The same seed gives
 * the same numbers on every machine; `state` and `fromState` continue a stream exactly where it stood.
 *
 * Source: xoroshiro128+ (Blackman and Vigna 2018), by the pure-rand package.
 */
export class RandomSource {
  readonly #generator: RandomGenerator;

  private constructor(generator: RandomGenerator) {
    this.#generator = generator;
  }

  /** The stream of `seed`; streams of one seed with different `name`s are independent of each other. */
  static fromSeed(seed: number, name = ''): RandomSource {
    checkArgument(seed, seedRule, 'seed');
    checkArgument(name, nameRule, 'name');
    const generator = xoroshiro128plus(mix(seed, name));
    for (let i = 0; i < 8; i++) generator.unsafeNext();
    return new RandomSource(generator);
  }

  /** The stream that `state` was taken from, at that place. */
  static fromState(state: RandomState): RandomSource {
    checkArgument(state, stateRule, 'state');
    return new RandomSource(xoroshiro128plus.fromState(state));
  }

  /** Where the stream stands. */
  get state(): RandomState {
    const state = this.#generator.getState?.();
    if (state === undefined) throw new InternalError('the random generator does not give its state');
    return [...state];
  }

  /** Uniform over [0, 1), 53 random bits. */
  uniform(): number {
    const high = this.#generator.unsafeNext() >>> 5;
    const low = this.#generator.unsafeNext() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Uniform over [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Uniform over the integers 0 to `count` - 1. `count` is at least 1 and below 2^48. */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Standard normal, by the polar method (Marsaglia and Bray 1964); the second number of a pair is thrown away. */
  normal(): number {
    for (;;) {
      const x = this.between(-1, 1);
      const y = this.between(-1, 1);
      const s = x * x + y * y;
      if (s > 0 && s < 1) return x * Math.sqrt((-2 * Math.log(s)) / s);
    }
  }
}

/** Folds a seed and a name into 32 bits (FNV-1a over the name, started from the seed). */
function mix(seed: number, name: string): number {
  let hash = (seed ^ 0x811c9dc5 ^ Math.floor(seed / 4294967296)) >>> 0;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  return hash | 0;
}
