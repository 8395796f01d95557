import { z } from 'zod';
import { searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';
import { queryNumber } from './query-number.ts';

/** How far work on the whole catalogue is. */
export const workStateSchema = {
  work: z
    .strictObject({
      work: z.string().describe('What is being done.'),
      unit: z.string().describe('What is counted, in the plural.'),
      done: z.number(),
      total: z.number().nullable(),
    })
    .nullable()
    .describe('How far the work under way is; null where none is.'),
  refused: z.string().nullable().describe('Why the last one was not done.'),
};

/** Which groups. */
export const groupsQuerySchema = z.strictObject({
  offset: queryNumber(z.int().min(0).max(1_000_000)).default(0).describe('How many groups to leave out.'),
  limit: queryNumber(z.int().min(1).max(100)).default(20).describe('How many groups at most.'),
});

/** How near is near. */
export const findDuplicatesSchema = z.strictObject({
  maxDistance: z
    .number()
    .min(0)
    .optional()
    .describe(
      'How far apart by the model they are at most; 0 for the same bytes or vectors alone. Without it, copies of one picture ' +
        'are looked for: in another size or quality, cropped by a tenth, in other colours, mirrored; by their vectors and by ' +
        'looking at both pictures.',
    ),
});

const duplicateGroupSchema = z.strictObject({
  exact: z.boolean().describe('True if all have the same bytes.'),
  diameter: z.number().describe('The largest distance between two of them; of copies their unlikeness.'),
  count: z.number().describe('How many images it has.'),
  images: z
    .array(
      z.strictObject({
        id: z.string(),
        bytes: z.number(),
        width: z.number().nullable(),
        height: z.number().nullable(),
      }),
    )
    .describe('The one to keep first: that of the most pixels, of those the one of the most bytes. Up to 100.'),
});

/** Groups of near duplicates, and how far the search for them is. */
export const duplicatesSchema = z.strictObject({
  ...workStateSchema,
  found: z
    .strictObject({
      maxDistance: z
        .number()
        .nullable()
        .describe('How far apart they are at most; null where they are copies of one picture.'),
      by: z.enum(searchDistanceNames),
      unseen: z.number().describe('Pictures that could not be looked at.'),
      images: z.number().describe('Images that were compared.'),
      groups: z.number().describe('How many groups there are.'),
      extra: z.number().describe('Images beyond one a group.'),
    })
    .nullable()
    .describe('What was found last; null where nothing was looked for since the service began.'),
  groups: z.array(duplicateGroupSchema).describe('Those of the page that was asked for.'),
});

/** Groups of near duplicates, and how far the search for them is. */
export type ServiceDuplicates = z.output<typeof duplicatesSchema>;
