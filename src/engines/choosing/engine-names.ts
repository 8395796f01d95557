import { oneOf, optional } from '../../foundation/arguments/argument-rule.ts';
import { precisions } from '../onednn/onednn-settings.ts';

/** What may compute embeddings: the fastest that is here, or one of them. */
export const embeddingEngines = ['auto', 'onnxruntime', 'onednn', 'webgpu'] as const;
/** One of `embeddingEngines`. */
export type EmbeddingEngine = (typeof embeddingEngines)[number];

/** What embeddings may be computed in; `auto` is float32. */
export const embeddingPrecisions = ['auto', ...precisions] as const;
/** One of `embeddingPrecisions`. */
export type EmbeddingPrecision = (typeof embeddingPrecisions)[number];

/** What a choice of a precision has to be. */
export const precisionRule = optional(oneOf(embeddingPrecisions));
