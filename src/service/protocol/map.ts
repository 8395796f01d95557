import { z } from 'zod';
import { workStateSchema } from './groups.ts';

/** Which layout. */
export const makeMapSchema = z.strictObject({
  seed: z.int().min(0).max(4_294_967_295).default(0).describe('Decides the layout: the same seed gives the same map.'),
});

/** Whether there is a map, and how far the making of one is. */
export const mapSchema = z.strictObject({
  ...workStateSchema,
  found: z
    .strictObject({
      seed: z.number(),
      images: z.number().describe('Images that are on it.'),
    })
    .nullable()
    .describe('The map that was made last; null where none was since the service began.'),
  images: z.number().describe('Images of the store by now.'),
});

/** Where each image is. */
export const mapPointsSchema = z.strictObject({
  ids: z.array(z.string()),
  x: z.array(z.number()).describe('From -1, left, to 1, right, by the place of the id.'),
  y: z.array(z.number()).describe('From -1, below, to 1, above.'),
  classes: z.array(z.string()).describe('Names of classes: by the field `class`, or else the folders of ids.'),
  classOf: z.array(z.number()).describe('The place of its class among the classes.'),
});

/** Whether there is a map, and how far the making of one is. */
export type ServiceMap = z.output<typeof mapSchema>;
/** Where each image is on the map. */
export type ServiceMapPoints = z.output<typeof mapPointsSchema>;
