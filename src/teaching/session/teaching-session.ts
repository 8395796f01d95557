import path from 'node:path';
import { embedAll } from '../../catalogue/embedding/embed-all.ts';
import { type ModelFile, readModel } from '../../catalogue/embedding/model-file.ts';
import type { Engine } from '../../engines/engine.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import type { LongWork } from '../../foundation/progress/progress.ts';
import type { ImageRecord } from '../../pictures/datasets/dataset.ts';
import { squaredEuclidean } from '../../ranking/distances/squared-euclidean.ts';
import type { Triplet } from '../../ranking/triplets/triplet.ts';
import type { Answer, NewAnswer } from '../answers/answer.ts';
import { AnswerLog } from '../answers/answer-log.ts';
import { answeredTriplets, pairKey } from '../answers/answered-triplets.ts';
import { questionsAgain } from '../answers/contradictions.ts';
import { type FeatureEngine, featureEmbedder } from '../head/head-features.ts';
import { embedFeatures } from '../head/head-output.ts';
import { partLengths } from '../head/parts-graph.ts';
import { type HeadEmbeddings, type HeadFeatures, splitFeatures, untaughtHead } from '../head/taught-head.ts';
import { type TaughtOutcome, teachHead } from '../head/teach-head.ts';
import { type TaughtFigures, writeTaughtModel } from '../head/write-taught-model.ts';
import { Committee } from '../questions/committee.ts';
import { QuestionChooser, type Turn } from '../questions/question-chooser.ts';
import type { Question } from './question.ts';
import { type SessionProgress, sessionProgress } from './session-progress.ts';

/** What is labelled, and with which model. */
export interface SessionOptions extends LongWork {
  readonly images: readonly ImageRecord[];
  /** The path of the model that is taught. */
  readonly model: string;
  /** Where answers and the taught model go. */
  readonly folder: string;
  /** Teaches, and embeds where `embedding` is left out; it stays open. */
  readonly engine: Engine;
  /** What embeds the pictures. Default: `engine`. */
  readonly embedding?: FeatureEngine | undefined;
  /** Decides which questions are kept aside. Default: 0. */
  readonly seed?: number | undefined;
  /** Share of the questions that are kept aside. Default: 0.2. */
  readonly keptAside?: number | undefined;
}

/** What teaching came to. */
export interface TaughtModel extends TaughtFigures {
  /** False if the taught head was worse on what was kept aside, and no model was written. */
  readonly kept: boolean;
  /** The file of the taught model; undefined where it was not kept. */
  readonly model: string | undefined;
  readonly shares: Readonly<Record<string, number>>;
}

/** Every so many turns a contradiction is asked again, where there is one. */
const turnsBetweenRepeats = 5;

/** People answer questions about pictures, and a model is taught by what they say. One process at a time has a folder. */
export class TeachingSession {
  #outcome: TaughtOutcome | undefined;
  /** Questions by whom they are for, of which kind, and at which turn: a turn has one question, whatever is learnt meanwhile. */
  readonly #asked = new Map<string, Question>();
  /** The place of each picture among the features, by its id. */
  readonly #places: ReadonlyMap<string, number>;
  #ranking: HeadEmbeddings;

  private constructor(
    /** The pictures that could be read, by their ids. */
    readonly images: ReadonlyMap<string, ImageRecord>,
    /** Those that could not be read. */
    readonly unreadable: readonly string[],
    private readonly ids: readonly string[],
    private readonly model: ModelFile,
    private readonly features: HeadFeatures,
    private readonly log: AnswerLog,
    private readonly chooser: QuestionChooser,
    private readonly committee: Committee,
    private readonly options: SessionOptions,
    untaught: HeadEmbeddings,
    /** What embedded the pictures and why, where that was chosen. */
    readonly engineRemark: string | undefined,
  ) {
    this.#ranking = untaught;
    this.#places = new Map(ids.map((id, place) => [id, place]));
  }

  /**
   * Opens a folder of answers, which is made if it is not there, and embeds the pictures.
   *
   * @throws if another process has the folder; the model cannot be read; fewer than four pictures can.
   */
  static async open(options: SessionOptions): Promise<TeachingSession> {
    const { images, engine, embedding = engine, seed = 0, keptAside = 0.2, signal, onProgress } = options;
    const log = await AnswerLog.open(options.folder);
    try {
      const model = await readModel(options.model);
      await using embedder = await featureEmbedder(model, embedding);
      const sources = images.map(({ source }) => source);
      const { data, indexes, unreadable } = await embedAll(embedder, sources, { signal, onProgress });
      const features = splitFeatures(data, partLengths(model.metadata.dimension));
      const read = indexes.map((index) => images[index]);
      const chooser = new QuestionChooser({ pictures: read.length, seed, keptAside });
      const session = new TeachingSession(
        new Map(read.map((image) => [image.id, image])),
        unreadable.map(({ index }) => images[index].id),
        read.map(({ id }) => id),
        model,
        features,
        log,
        chooser,
        await Committee.open({ engine, features, seed }),
        options,
        await embedFeatures(engine, untaughtHead(features), features),
        embedder.engineRemark,
      );
      return session;
    } catch (error) {
      await log.close();
      throw error;
    }
  }

  /** The next question for a rater; the same until it is answered. */
  question(rater: string, kind: Question['kind']): Question {
    const answers = this.log.answers.filter((answer) => answer.rater === rater);
    const again = answers.length % turnsBetweenRepeats === turnsBetweenRepeats - 1 ? this.#again(rater) : undefined;
    if (again !== undefined && kind === 'triplet') return again;
    const key = JSON.stringify([rater, kind, answers.length]);
    const question = this.#asked.get(key) ?? this.#chosen({ rater, ...this.#turn(answers) }, kind);
    this.#asked.set(key, question);
    return question;
  }

  #chosen(turn: Turn, kind: Question['kind']): Question {
    const { opinions } = this.committee;
    if (kind === 'triplet') {
      const { query, left, right, reason, keptAside } = this.chooser.triplet(turn, opinions);
      return { kind, query: this.ids[query], left: this.ids[left], right: this.ids[right], reason, keptAside };
    }
    const { query, candidates, reason, keptAside } = this.chooser.grid(turn, opinions);
    return { kind, query: this.ids[query], candidates: candidates.map((one) => this.ids[one]), reason, keptAside };
  }

  #again(rater: string): Question | undefined {
    const known = questionsAgain(this.log.answers, rater).find(({ query, left, right }) =>
      [query, left, right].every((id) => this.images.has(id)),
    );
    if (known === undefined) return undefined;
    const keptAside = this.chooser.isKeptAside(this.#requirePlace(known.query));
    return { kind: 'triplet', ...known, reason: 'again', keptAside };
  }

  #turn(answers: readonly Answer[]): Turn {
    const asked = new Set(
      answers.flatMap((answer) =>
        answer.kind === 'triplet' ? [pairKey(answer.query, answer.left, answer.right)] : [],
      ),
    );
    return {
      answered: answers.length,
      answeredAside: answers.filter(({ keptAside }) => keptAside).length,
      asked: ({ query, left, right }) => asked.has(pairKey(this.ids[query], this.ids[left], this.ids[right])),
    };
  }

  /**
   * Writes an answer to the disk. Whether it is kept aside is found by its query, whatever is said.
   *
   * @throws UsageError if it is not an answer, or names a picture that is not there.
   */
  async record(answer: NewAnswer): Promise<Answer> {
    const named =
      answer.kind === 'triplet' ? [answer.query, answer.left, answer.right] : [answer.query, ...answer.candidates];
    const [query] = named.map((id) => this.#requirePlace(id));
    const recorded = await this.log.record({ ...answer, keptAside: this.chooser.isKeptAside(query) });
    this.#keepUp();
    return recorded;
  }

  /** What fails here fails in `teach`, which does the same and says so; answers are kept either way. */
  #keepUp(): void {
    this.committee.keepUp(this.#placed(this.log.answers, false)).catch(() => undefined);
  }

  /** Takes back a rater's last answer. @returns it; undefined where there is none. */
  undo(rater: string): Promise<Answer | undefined> {
    return this.log.undo(rater);
  }

  /** Where answers and the taught model are. */
  get folder(): string {
    return this.options.folder;
  }

  /** The files of the pictures, by their ids; those that are not files are left out. */
  get files(): ReadonlyMap<string, string> {
    const files = new Map<string, string>();
    for (const [id, { source }] of this.images) if (source.kind === 'file') files.set(id, source.path);
    return files;
  }

  /** The answers that stand. */
  get answers(): readonly Answer[] {
    return this.log.answers;
  }

  /** How far the labelling is. */
  progress(): SessionProgress {
    return sessionProgress(this.log.answers);
  }

  /**
   * Teaches a head by all answers, from the start, and writes `model.onnx` into the folder where it is no worse on what was kept
   * aside. Rankings and questions go by it from then on.
   *
   * @throws TrainingError if there are too few answers; AbortError if it was aborted.
   */
  async teach(watched: LongWork = {}): Promise<TaughtModel> {
    const { engine, seed, folder } = this.options;
    const answers = this.log.answers;
    const [triplets, keptAside] = [false, true].map((aside) => this.#placed(answers, aside));
    const outcome = await teachHead({ features: this.features, triplets, keptAside }, { engine, seed, ...watched });
    this.#outcome = outcome;
    await this.committee.take(outcome.committee, triplets.length);
    this.#ranking = await embedFeatures(engine, outcome.head, this.features);
    const { kept, before, after, head } = outcome;
    const figures = { answers: answers.length, triplets: triplets.length, keptAside: keptAside.length, before, after };
    const file = path.join(folder, 'model.onnx');
    if (kept) await writeTaughtModel(file, this.model, head, figures, { engine });
    const shares = Object.fromEntries(head.map(({ name, share }) => [name, share]));
    return { ...figures, kept, model: kept ? file : undefined, shares };
  }

  /** True once a head was taught since the folder was opened, and is used. */
  get isTaught(): boolean {
    return this.#outcome?.kept ?? false;
  }

  #placed(answers: readonly Answer[], aside: boolean): Triplet[] {
    return answeredTriplets(answers).flatMap(({ query, positive, negative, keptAside }) => {
      const [q, p, n] = [query, positive, negative].map((id) => this.#places.get(id));
      if (keptAside !== aside || q === undefined || p === undefined || n === undefined) return [];
      return [{ query: q, positive: p, negative: n }];
    });
  }

  /** The ids of the pictures most like one, nearest first, by what has been taught. @throws UsageError if it is not there. */
  nearest(id: string, count: number): string[] {
    const query = this.#requirePlace(id);
    const { data, dimension } = this.#ranking;
    const row = (place: number) => data.subarray(place * dimension, (place + 1) * dimension);
    return this.ids
      .map((other, place) => ({ other, distance: squaredEuclidean.between(row(query), row(place)) }))
      .filter((_, place) => place !== query)
      .sort((a, b) => a.distance - b.distance)
      .slice(0, count)
      .map(({ other }) => other);
  }

  #requirePlace(id: string): number {
    const place = this.#places.get(id);
    if (place !== undefined) return place;
    throw new UsageError(`there is no picture '${id.slice(0, 200)}' here`, {
      path: 'id',
      expected: 'the id of a picture',
      value: id,
    });
  }

  /** Ends what is being learnt and closes the log; the engine stays. */
  async close(): Promise<void> {
    try {
      await this.committee.close();
    } finally {
      await this.log.close();
    }
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
