import type { Engine } from '../../engines/engine.ts';
import { AbortError } from '../../foundation/errors/abort-error.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import { embedFeatures } from '../head/head-output.ts';
import { type HeadEmbeddings, type HeadFeatures, joinedBy, type TaughtHead } from '../head/taught-head.ts';
import { teachCommittee } from '../head/teach-head.ts';

/** What a committee is of. */
export interface CommitteeOptions {
  /** Embeds and teaches; it stays open. */
  readonly engine: Engine;
  readonly features: HeadFeatures;
  /** Decides folds and the order of triplets. Default: 0. */
  readonly seed?: number | undefined;
}

/** Shares of the colours that the first questions look for disagreement of. */
const firstShares = [0, 0.5, 0.9] as const;
/** So many triplets are new before heads are taught anew, and at least so large a share of those that were known. */
const fewestNew = 10;
const newShare = 0.1;

/** Whether so many triplets are enough more than those that heads were last taught by. */
export const isDue = (known: number, now: number): boolean => now - known >= Math.max(fewestNew, newShare * known);

/**
 * Heads that may disagree: what they disagree in is worth asking. They keep up with the answers by themselves, one teaching at
 * a time; until it is done, questions go by the heads before. Disagreement of heads that know a tenth of the answers is of
 * what has long been answered.
 *
 * Source: Seung, Opper and Sompolinsky 1992, "Query by committee".
 */
export class Committee {
  #opinions: readonly HeadEmbeddings[] = [];
  #known = 0;
  #teaching: Promise<void> | undefined;
  readonly #ended = new AbortController();

  private constructor(private readonly options: CommitteeOptions) {}

  /** Begins as the embedding with three shares of colour. */
  static async open(options: CommitteeOptions): Promise<Committee> {
    const committee = new Committee(options);
    await committee.take(
      firstShares.map((share) => joinedBy(share, options.features)),
      0,
    );
    return committee;
  }

  /** What the pictures are to each head. */
  get opinions(): readonly HeadEmbeddings[] {
    return this.#opinions;
  }

  /** Takes heads that were taught by so many triplets. */
  async take(heads: readonly TaughtHead[], known: number): Promise<void> {
    const { engine, features } = this.options;
    const opinions: HeadEmbeddings[] = [];
    for (const head of heads) opinions.push(await embedFeatures(engine, head, features));
    this.#opinions = opinions;
    this.#known = known;
  }

  /**
   * Teaches the heads anew where enough has been answered since, and nobody does.
   *
   * @returns what ends when that is done; it is rejected if the engine fails, and questions go by the heads before.
   */
  keepUp(triplets: readonly Triplet[]): Promise<void> {
    if (this.#teaching === undefined && !this.#ended.signal.aborted && isDue(this.#known, triplets.length)) {
      this.#teaching = this.#teach(triplets).finally(() => {
        this.#teaching = undefined;
      });
    }
    return this.#teaching ?? Promise.resolve();
  }

  async #teach(triplets: readonly Triplet[]): Promise<void> {
    const { features, engine, seed } = this.options;
    const heads = await teachCommittee({ features, triplets }, { engine, seed, signal: this.#ended.signal });
    await this.take(heads, triplets.length);
  }

  /** Ends what is being taught. */
  async close(): Promise<void> {
    this.#ended.abort();
    try {
      await this.#teaching;
    } catch (error) {
      if (!(error instanceof AbortError)) throw error;
    }
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
