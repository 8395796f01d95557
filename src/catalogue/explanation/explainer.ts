import type { Engine, Program } from '../../engines/engine.ts';
import { type OptionRules, optional, wholeNumber } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { type Tensor, tensor, toNumbers } from '../../graph/tensor/tensor.ts';
import { type ImageArgument, imageOf } from '../../pictures/decoding/image-argument.ts';
import { PictureDecoder } from '../../pictures/decoding/picture-decoder.ts';
import type { PartialPictureLimits } from '../../pictures/decoding/picture-limits.ts';
import type { RgbImage } from '../../pictures/decoding/rgb-image.ts';
import { preprocess } from '../../pictures/preparation/preprocess.ts';
import { embedInFixedBatches, imageInput } from '../embedding/fixed-batches.ts';
import { type ModelFile, readModel } from '../embedding/model-file.ts';
import { programOf } from '../embedding/model-program.ts';
import { borderColour } from './covered-pictures.ts';
import { coveringHeat } from './coverings.ts';
import { explanationGraph, otherInput } from './explanation-graph.ts';
import type { HeatKind } from './heat-kind.ts';
import { addedHeat, type HeatMap } from './heat-map.ts';
import { occlusion, rankCorrelation } from './occlusion.ts';

/** Heat of a picture, and how far it is to be believed. */
export interface CheckedHeat {
  readonly heat: HeatMap;
  /**
   * How far the heat goes along with occlusion: the rank correlation, over 7 x 7 windows that are covered one at a time, of the heat in
   * one and what covering it takes from the likeness. NaN where covering changes nothing.
   */
  readonly agreement: number;
}

/** One of two pictures, as the model sees it, and what in it makes it like the other. */
export interface ExplainedPicture extends Readonly<Record<HeatKind, CheckedHeat>> {
  /** The picture as it enters the network. */
  readonly picture: RgbImage;
  /** By what covered rectangles take from the likeness: see `coveringHeat`. */
  readonly covering: CheckedHeat;
  /** By gradient times activation at the last feature maps, which is finer and less to be believed. */
  readonly gradient: CheckedHeat;
}

/** What one path of the network adds to the likeness of two pictures. */
export interface PathShare {
  /** `convnet`, `path 1`, `contours`, `colours`, `bias`, or the name of a value of the graph. */
  readonly path: string;
  /** Share of the cosine; negative where it makes them less alike. All shares are 1 together. */
  readonly share: number;
}

/** Why two pictures are as much alike as they are. */
export interface Explanation {
  /** Cosine of the angle between the embeddings. */
  readonly similarity: number;
  readonly first: ExplainedPicture;
  readonly second: ExplainedPicture;
  /** Largest first, the bias last; empty where the cosine is 0, of which there are no shares. */
  readonly shares: readonly PathShare[];
}

/** How pictures are explained. */
export interface ExplainOptions {
  /** Steps in which a picture appears for the gradient: with more, all its heat together comes nearer to what the picture adds. Default: 4. */
  readonly steps?: number;
}

const explainRules: OptionRules<ExplainOptions> = { steps: optional(wholeNumber(1)) };

/** Says why a model finds pictures alike. */
export class Explainer {
  private constructor(
    private readonly model: ModelFile,
    private readonly program: Program,
    private readonly embedding: Program,
    private readonly maps: number,
    private readonly paths: readonly string[],
    private readonly decoder: PictureDecoder,
  ) {}

  /**
   * Reads a model and differentiates it.
   *
   * @param engine stays open.
   * @throws ModelError if it is no model, has no feature maps, or no gradient leads to them.
   */
  static async open(path: string, engine: Engine, limits: PartialPictureLimits = {}): Promise<Explainer> {
    const model = await readModel(path);
    const { graph, maps, paths } = explained(model);
    if (maps === 0) {
      throw new ModelError(`'${path}' has no feature maps, so there is no heat-map: give a model of a ConvNet`);
    }
    const program = await engine.compile(graph, { name: `explanation of ${path}` });
    const { program: embedding } = await programOf(model, { engine });
    return new Explainer(model, program, embedding, maps, paths, new PictureDecoder(limits));
  }

  /**
   * Explains two images.
   *
   * Heat by covering: see `coveringHeat`.
   * Heat by the gradient: gradient times activation at the last feature maps, added up while the picture appears from a ground of its
   * border's colour in equal steps x_k: `sum_k (g(x_k) + g(x_k+1)) / 2 (A(x_k+1) - A(x_k))`, summed over channels, so that all heat
   * together is about the likeness less that of the ground.
   * Source: Selvaraju et al. 2017 (Grad-CAM); along a path: Sundararajan et al. 2017, Dhamdhere et al. 2018 (conductance).
   *
   * @throws UnreadableImageError if one cannot be decoded.
   */
  async explain(first: ImageArgument, second: ImageArgument, options: ExplainOptions = {}): Promise<Explanation> {
    checkOptions(options, explainRules);
    const { steps = defaultSteps } = options;
    const [a, b] = await Promise.all([first, second].map((image) => this.#prepared(image)));
    const [ofA, ofB] = [await this.#embedded(a), await this.#embedded(b)];
    const similarity = ofA.reduce((sum, value, at) => sum + value * ofB[at], 0);
    const [one, other] = [await this.#explained(a, ofB, steps), await this.#explained(b, ofA, steps)];
    return {
      similarity,
      first: one.explained,
      second: other.explained,
      shares: this.#shares(similarity, one.paths, other.paths),
    };
  }

  async #explained(data: Uint8Array, other: Float32Array, steps: number): Promise<OneSide> {
    const { width, height } = this.model.metadata.preprocessing;
    const picture = { width, height, data };
    const { heats, paths } = await this.#heats(picture, other, steps);
    const embed = (pixels: Uint8Array) => this.#embedded(pixels);
    const covering = await coveringHeat(picture, other, embed);
    const covered = await occlusion(picture, other, embed);
    const losses = covered.map(({ loss }) => loss);
    const checked = (heat: HeatMap): CheckedHeat => ({
      heat,
      agreement: rankCorrelation(
        covered.map(({ sumOf }) => sumOf(heat)),
        losses,
      ),
    });
    const gradient = addedHeat(heats, width, height);
    return { explained: { picture, covering: checked(covering), gradient: checked(gradient) }, paths };
  }

  /** Heat of each feature map, and what each path adds for the whole picture, in which the steps end. */
  async #heats(picture: RgbImage, other: Float32Array, steps: number) {
    let before = await this.#run(appearing(picture, 0), other);
    const heats = before.maps.map(({ width, height }) => ({ width, height, data: new Float32Array(width * height) }));
    for (let step = 1; step <= steps; step++) {
      const now = await this.#run(appearing(picture, step / steps), other);
      for (const [m, { data }] of heats.entries()) addGained(data, before.maps[m], now.maps[m]);
      before = now;
    }
    return { heats, paths: before.paths };
  }

  /** Embeddings of prepared pictures, one after the other, as the model's batches have them. */
  #embedded(pixels: Uint8Array): Promise<Float32Array> {
    return embedInFixedBatches(this.embedding, this.model.metadata, pixels);
  }

  async #prepared(image: ImageArgument): Promise<Uint8Array> {
    return preprocess(await imageOf(image), this.model.metadata.preprocessing, { decoder: this.decoder });
  }

  async #run(pixels: Uint8Array, other: Float32Array) {
    const { width, height } = this.model.metadata.preprocessing;
    const found = await this.program.run({
      // What is fed belongs to the engine.
      [imageInput]: tensor('uint8', [1, height, width, 3], new Uint8Array(pixels)),
      [otherInput]: tensor('float32', [1, other.length], other.slice()),
    });
    return {
      maps: Array.from({ length: this.maps }, (_, m) => slopedMap(found[`map${m}`], found[`slope${m}`])),
      paths: this.paths.map((_, path) => toNumbers(found[`path${path}`])[0]),
    };
  }

  #shares(similarity: number, one: readonly number[], other: readonly number[]): PathShare[] {
    if (Math.abs(similarity) < 1e-6) return [];
    const sums = new Map<string, number>();
    for (const [k, path] of this.paths.entries()) {
      sums.set(path, (sums.get(path) ?? 0) + (one[k] + other[k]) / (2 * similarity));
    }
    const shares = [...sums].map(([path, share]) => ({ path, share })).sort((a, b) => b.share - a.share);
    const bias = 1 - shares.reduce((sum, { share }) => sum + share, 0);
    return [...shares, { path: 'bias', share: bias }];
  }

  /** Releases the programs. */
  async close(): Promise<void> {
    await this.program.release();
    await this.embedding.release();
  }

  /** Closes: `await using` does it at the end of a block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function explained(model: ModelFile): ReturnType<typeof explanationGraph> {
  try {
    return explanationGraph(model);
  } catch (error) {
    throw new ModelError(`'${model.path}' cannot be explained: ${(error as Error).message}`, { cause: error });
  }
}

/** Steps in which a picture appears. */
const defaultSteps = 4;

/** One of two pictures explained, and what each path of the network adds to the likeness by it. */
interface OneSide {
  readonly explained: ExplainedPicture;
  readonly paths: readonly number[];
}

/** A feature map and its slopes. */
interface SlopedMap {
  readonly width: number;
  readonly height: number;
  /** [channels, height, width], both. */
  readonly values: readonly number[];
  readonly slopes: readonly number[];
}

function slopedMap(values: Tensor, slopes: Tensor): SlopedMap {
  const [, , height, width] = values.shape;
  return { width, height, values: toNumbers(values), slopes: toNumbers(slopes) };
}

/** Adds the mean slope times what each place has gained. */
function addGained(heat: Float32Array, before: SlopedMap, now: SlopedMap): void {
  for (const [at, value] of now.values.entries()) {
    heat[at % heat.length] += ((before.slopes[at] + now.slopes[at]) / 2) * (value - before.values[at]);
  }
}

/** A picture a share of the way from a ground of its border's colour. */
function appearing(picture: RgbImage, share: number): Uint8Array {
  const ground = borderColour(picture);
  return picture.data.map((value, at) => Math.round(ground[at % 3] + share * (value - ground[at % 3])));
}
