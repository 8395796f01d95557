import { z } from 'zod';
import { minerNames } from './miners/miner-table.ts';

// Settings that several losses have; their schemas pick from these.

/** Distance by which a negative is to be farther than its positive. */
export const gap = z.number().positive();

/** The distance of two embeddings. */
export const distance = z.enum(['euclidean', 'squared-euclidean']);

/** Chooses triplets in batches of classes; without it a loss over triplets takes rows in threes. */
export const miner = z.enum(minerNames).exactOptional();

/**
 * Embeddings of earlier batches that rows are also compared with, and the steps before they are kept; see `CrossBatchMemory`.
 * Default of `after`: a tenth of the steps.
 */
export const memory = z
  .strictObject({ rows: z.int().min(1).max(1_000_000), after: z.int().min(0).exactOptional() })
  .exactOptional();

/** Classes that are trained on. Bounded: beyond it a file is damaged, or was made to do harm. */
export const classes = z.int().min(2).max(1_000_000);
