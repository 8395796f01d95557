import {
  type EmbeddingEngine,
  type EmbeddingPrecision,
  embeddingEngines,
  precisionRule,
} from '../../engines/choosing/engine-names.ts';
import type { Engine } from '../../engines/engine.ts';
import {
  type ArgumentRule,
  flag,
  type OptionRules,
  objectWith,
  oneOf,
  optional,
  valueLike,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import type { PartialPictureLimits } from '../../pictures/decoding/picture-limits.ts';
import type { PreparationPool } from '../../pictures/preparation/preparation-pool.ts';
import { type Decoding, decodings } from '../../pictures/preparation/preprocessing-rule.ts';

/** What runs a model that is loaded, and how pictures are decoded for it. */
export interface LoadModelOptions {
  /**
   * What runs the model: the name of an engine, or an engine, which stays open when the embedder is closed. `auto` is
   * onnxruntime, or oneDNN where its library is here and it is found to be faster with this model, for which both run it some
   * times; see docs/engines.md. Default: `onnxruntime`, on the CPU; where bfloat16 is asked for, `onednn`.
   */
  readonly engine?: Engine | EmbeddingEngine | undefined;
  /**
   * What an engine that is named computes in. With bfloat16, which oneDNN alone has, vectors are others, and a store takes
   * vectors of one precision. Default: `auto`, which is float32.
   */
  readonly precision?: EmbeddingPrecision | undefined;
  /**
   * How JPEG files much larger than the model's input are decoded: `exact`, whole, or `scaled`, by a decoder that leaves out
   * what the model would not see. Vectors are others, and a store takes those of one way. Default: `auto`, as the model learnt.
   */
  readonly decode?: 'auto' | Decoding | undefined;
  /** Threads of an engine that is named. Default: as many as the machine has. */
  readonly threads?: number | undefined;
  /** Runs an engine that is named in a thread of its own, so that a batch does not block the caller's. Default: no. */
  readonly ownThread?: boolean | undefined;
  /** Limits of a picture; one beyond them is unreadable. */
  readonly pictureLimits?: PartialPictureLimits | undefined;
  /**
   * Threads that decode and resize pictures, within their own limits; they stay when the embedder is closed. Default: single
   * images are resized in this thread, many by threads of the embedder's own.
   */
  readonly preparation?: PreparationPool | undefined;
}

const anEngine = objectWith<Engine>('an engine', ['compile']);
const aName = oneOf(embeddingEngines);

/** An engine, or the name of one. */
const engineRule: ArgumentRule<Engine | EmbeddingEngine> = {
  ...valueLike<Engine | EmbeddingEngine>(
    `an engine or ${aName.expected}`,
    (value) => aName.accepts(value) || anEngine.accepts(value),
    'await OnnxruntimeEngine.create() gives one',
  ),
  names: embeddingEngines,
};

/** What options of loading a model have to be. */
export const loadRules: OptionRules<LoadModelOptions> = {
  engine: optional(engineRule),
  precision: precisionRule,
  decode: optional(oneOf(['auto', ...decodings])),
  threads: optional(wholeNumber(1)),
  ownThread: optional(flag()),
  pictureLimits: optional(objectWith('an object of limits', [])),
  preparation: optional(objectWith('a PreparationPool', ['prepare'])),
};
