import { z } from 'zod';

/** What decides the memory of a step is bounded: beyond it a file is damaged, or was made to do harm. */
export const mostRows = 65_536;

/**
 * Rows of a batch: in threes for losses over triplets, classes by images for losses that mine inside the batch. With
 * `everyClass`, rows and images per class are exactly what the pictures give; without it they are what is asked of them.
 */
export const batchConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('triplets'),
    triplets: z
      .int()
      .min(1)
      .max(Math.floor(mostRows / 3)),
  }),
  z.strictObject({
    kind: z.literal('classes'),
    rows: z.int().min(3).max(mostRows),
    imagesPerClass: z.int().min(2).max(mostRows),
    everyClass: z.boolean().exactOptional(),
  }),
]);

/** What a batch is made of. */
export type BatchConfig = z.infer<typeof batchConfigSchema>;

/** Rows of one batch: images through the network a step. */
export function rowsOf(batch: BatchConfig): number {
  return batch.kind === 'triplets' ? 3 * batch.triplets : batch.rows;
}
