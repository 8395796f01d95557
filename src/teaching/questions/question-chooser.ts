import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { RandomSource } from '../../foundation/random/random-source.ts';
import { shuffle } from '../../foundation/random/shuffle.ts';
import { squaredEuclidean } from '../../ranking/distances/squared-euclidean.ts';
import { gridSize, type QuestionReason } from '../answers/answer.ts';
import type { HeadEmbeddings } from '../head/taught-head.ts';
import { informationOf, type PlacedPair } from './disagreement.ts';

/** A grid question by the places of its pictures. */
export interface PlacedGrid {
  readonly query: number;
  readonly candidates: readonly number[];
}

/** A question that was chosen, with why, and whether it is kept aside. */
export type Chosen<Question> = Question & { readonly reason: QuestionReason; readonly keptAside: boolean };

/** Which questions are chosen. */
export interface ChooserOptions {
  /** How many pictures there are. */
  readonly pictures: number;
  readonly seed: number;
  /** Share of the pictures whose questions are kept aside, and of the questions that are about them. */
  readonly keptAside: number;
}

/** Whom a question is for. */
export interface Turn {
  /** Whom it is for. Default: nobody in particular. */
  readonly rater?: string;
  /** How many questions the rater has answered. */
  readonly answered: number;
  /** How many of them were kept aside. */
  readonly answeredAside: number;
  /** True for a question that has been put to this rater. Default: none has. */
  readonly asked?: (question: PlacedPair) => boolean;
}

/** Questions that are weighed against each other. */
const weighed = { triplets: 400, grids: 60 };
/** Every so many questions of three pictures one is drawn at random: a head that knows disputed pictures alone is worse on all others. */
const everyRandom = 2;
const fewestPictures = 4;

/**
 * Chooses questions. Some pictures, drawn by the seed, are queries of questions that are kept aside, the others of questions
 * that teach: what judges a head is about queries that it never learnt from. Kept-aside questions are drawn at random, and all
 * raters get the same ones in the same order, so that agreement is measured on questions that nobody chose; the others are
 * each rater's own, those whose answer tells most, see `informationOf`, and of pairs every second at random.
 *
 * A turn always gives the same question: the page may be loaded again, and an answer that was taken back is asked once more.
 */
export class QuestionChooser {
  readonly #options: ChooserOptions;
  readonly #aside: readonly number[];
  readonly #others: readonly number[];

  /** @throws DatasetError if there are fewer than four pictures. */
  constructor(options: ChooserOptions) {
    const { pictures, seed, keptAside } = options;
    if (pictures < fewestPictures) {
      throw new DatasetError(
        `${pictures} pictures are too few to ask about: give a folder with at least ${fewestPictures} that can be read`,
      );
    }
    this.#options = options;
    const order = shuffle(
      Array.from({ length: pictures }, (_, picture) => picture),
      RandomSource.fromSeed(seed, 'kept-aside queries'),
    );
    const aside = Math.min(pictures - 1, Math.max(1, Math.round(keptAside * pictures)));
    this.#aside = order.slice(0, aside);
    this.#others = order.slice(aside);
  }

  /** True if questions about this query are kept aside. */
  isKeptAside(query: number): boolean {
    return this.#aside.includes(query);
  }

  /**
   * The next question of three pictures.
   *
   * @param embeddings what the pictures are to the present model, or to several that may disagree; none: at random.
   */
  triplet(turn: Turn, embeddings: readonly HeadEmbeddings[]): Chosen<PlacedPair> {
    const drawn = this.#random(turn, 'triplet');
    const random = drawn.random;
    const draw = (): PlacedPair => {
      const query = this.#query(drawn.aside, random);
      const [left, right] = this.#candidates(query, 2, random);
      return { query, left, right };
    };
    if (drawn.aside || embeddings.length === 0 || turn.answered % everyRandom === everyRandom - 1) {
      return { ...freshOf(draw, turn.asked), reason: 'random', keptAside: drawn.aside };
    }
    const pool = Array.from({ length: weighed.triplets }, () => freshOf(draw, turn.asked));
    return { ...pool[largest(informationOf(pool, embeddings))], reason: reasonOf(embeddings), keptAside: false };
  }

  /**
   * The next grid: a query and up to twelve candidates in random order. At random where it is kept aside; otherwise half of the
   * candidates are the nearest by each embedding in turn, so that there is something to mark and what is marked tells.
   *
   * @param embeddings see `triplet`.
   */
  grid(turn: Turn, embeddings: readonly HeadEmbeddings[]): Chosen<PlacedGrid> {
    const { aside, random } = this.#random(turn, 'grid');
    const draw = (): PlacedGrid => {
      const query = this.#query(aside, random);
      const near = aside ? [] : this.#nearest(query, embeddings, random);
      const others = this.#candidates(query, gridSize, random).filter((picture) => !near.includes(picture));
      return { query, candidates: shuffle([...near, ...others].slice(0, gridSize), random) };
    };
    if (aside || embeddings.length === 0) return { ...draw(), reason: 'random', keptAside: aside };
    const pool = Array.from({ length: weighed.grids }, draw);
    const pairs = pool.map(({ query, candidates }) =>
      candidates.slice(1).map((right, place): PlacedPair => ({ query, left: candidates[place], right })),
    );
    const information = informationOf(pairs.flat(), embeddings);
    const each = pairs[0].length;
    const sums = Float64Array.from(pool, (_, grid) =>
      information.subarray(grid * each, (grid + 1) * each).reduce((sum, value) => sum + value, 0),
    );
    return { ...pool[largest(sums)], reason: reasonOf(embeddings), keptAside: false };
  }

  #random({ rater = '', answered, answeredAside }: Turn, kind: string): { aside: boolean; random: RandomSource } {
    const { seed, keptAside } = this.#options;
    const aside = RandomSource.fromSeed(seed, `turn ${answered}`).uniform() < keptAside;
    const name = aside ? `${kind} kept aside ${answeredAside}` : `${kind} ${answered} of ${rater}`;
    return { aside, random: RandomSource.fromSeed(seed, name) };
  }

  #query(aside: boolean, random: RandomSource): number {
    const queries = aside ? this.#aside : this.#others;
    return queries[random.integer(queries.length)];
  }

  /** Different pictures, none of them the query; fewer where there are fewer. */
  #candidates(query: number, count: number, random: RandomSource): number[] {
    const { pictures } = this.#options;
    const chosen = new Set<number>();
    while (chosen.size < Math.min(count, pictures - 1)) {
      const picture = random.integer(pictures);
      if (picture !== query) chosen.add(picture);
    }
    return [...chosen];
  }

  /** Half a grid of near pictures among some that are drawn, by each embedding in turn. */
  #nearest(query: number, embeddings: readonly HeadEmbeddings[], random: RandomSource): number[] {
    const among = this.#candidates(query, 20 * gridSize, random);
    const orders = embeddings.map((table) => nearestFirst(query, among, table));
    const near = new Set<number>();
    for (let place = 0; place < among.length && near.size < gridSize / 2; place++) {
      for (const order of orders) if (near.size < gridSize / 2) near.add(order[place]);
    }
    return [...near];
  }
}

/** A question that was not asked, if one is found within a few draws. */
function freshOf(draw: () => PlacedPair, asked: Turn['asked'] = () => false): PlacedPair {
  let question = draw();
  for (let draws = 0; draws < 20 && asked(question); draws++) question = draw();
  return question;
}

const reasonOf = (embeddings: readonly HeadEmbeddings[]): QuestionReason =>
  embeddings.length > 1 ? 'disagree' : 'unsure';

function largest(values: Float64Array): number {
  return values.reduce((best, value, place) => (value > values[best] ? place : best), 0);
}

function nearestFirst(query: number, among: readonly number[], { data, dimension }: HeadEmbeddings): number[] {
  const row = (picture: number) => data.subarray(picture * dimension, (picture + 1) * dimension);
  const distances = new Map(among.map((picture) => [picture, squaredEuclidean.between(row(query), row(picture))]));
  return [...among].sort((a, b) => distances.get(a)! - distances.get(b)!);
}
