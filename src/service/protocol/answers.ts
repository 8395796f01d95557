import { z } from 'zod';
import { metadataKinds } from '../../catalogue/metadata/metadata.ts';
import { problemStatuses } from '../../foundation/errors/request-error.ts';
import { searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';

/** The names of problems, for schemas. */
const problemCodes = Object.keys(problemStatuses) as readonly (keyof typeof problemStatuses)[];

const distanceName = z.enum(searchDistanceNames);

/** The answer to a request that is refused or failed. */
export const problemSchema = z.strictObject({
  error: z.strictObject({
    code: z.enum(problemCodes).describe('What kind of problem it is; stays from version to version.'),
    message: z.string().describe('What is wrong and what to do, for people.'),
    path: z.string().optional().describe('Which part of the request is wrong: `request.k`.'),
  }),
});

/** What a model's calibration says of a distance. */
export const alikeSchema = z.strictObject({
  balanced: z.number().describe('Share of pairs at this distance that were alike, had half of all pairs been alike.'),
  natural: z.number().describe('Share of pairs at this distance that were alike, among all pairs as they came.'),
  pairs: z.number().describe('Pairs near this distance that it rests on.'),
  verdict: z.enum(['alike', 'unsure', 'unlike']).describe('Alike above a balanced share of 0.8, unlike below 0.2.'),
});

/** What the service is. */
export const aboutSchema = z.strictObject({
  version: z.string().describe('Version of lookalike.'),
  model: z.strictObject({
    id: z.string().describe("SHA-256 of the model's file."),
    description: z.string(),
    attribution: z.string().describe('Whom the pictures that it was trained on are to be credited to.'),
    dimension: z.number().describe('Length of an embedding.'),
    distance: distanceName.describe('What embeddings are compared by.'),
    sharesMeasuredOn: z
      .strictObject({ source: z.string(), images: z.number(), classes: z.number(), baseRate: z.number() })
      .optional()
      .describe('The pictures that calibrated shares were measured on; missing where the model has no calibration.'),
  }),
  store: z
    .strictObject({
      images: z.number(),
      distance: distanceName,
      changeable: z.boolean().describe('True if images may be added and removed over HTTP.'),
      fields: z
        .array(
          z.strictObject({
            name: z.string(),
            kind: z.enum(metadataKinds),
            values: z.array(z.string()).optional().describe('All values, where they are few, as of the start.'),
          }),
        )
        .describe('What is known of images, by which searches can be narrowed.'),
      examples: z.array(z.string()).describe('Some images, to begin with, as of the start.'),
    })
    .nullable()
    .describe('What is searched; null where nothing was indexed yet.'),
  runs: z.boolean().describe('True if training runs are shown.'),
  remote: z.boolean().describe('True if pictures are fetched from addresses that requests name.'),
  limits: z.strictObject({
    fileBytes: z.number().describe('Most bytes of an uploaded picture.'),
    files: z.number().describe('Most pictures of a request.'),
    pixels: z.number().describe('Most pixels of a picture.'),
    side: z.number().describe('Most pixels of its width and of its height.'),
  }),
});

/** An embedding. */
export const embeddingSchema = z.strictObject({
  embedding: z.array(z.number()).describe('The image as numbers, of length 1.'),
  model: z.string().describe("SHA-256 of the model's file: embeddings of two models cannot be compared."),
});

/** How much alike two images are. */
export const comparisonSchema = z.strictObject({
  distance: z.number().describe('0 for the same picture.'),
  by: distanceName.describe('What they were compared by.'),
  similarity: z.number().describe('Cosine of the angle between the embeddings.'),
  alike: alikeSchema.nullable().describe('What the calibration says; null where the model has none.'),
});

const metadataSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
  .describe('What is known of it: values by the names of fields; a date as ISO 8601 writes it.');

const heatSchema = z.strictObject({
  heatmap: z
    .string()
    .describe(
      'A PNG as a data: address, the picture as the model sees it: orange where a place makes the two alike, blue where it ' +
        'makes them less so. Approximate.',
    ),
  agreement: z
    .number()
    .nullable()
    .describe(
      'The rank correlation of the heat with what covering place by place takes from the likeness; null where that is nothing.',
    ),
});

const explainedSchema = z.strictObject({
  covering: heatSchema.describe('By what covered rectangles take from the likeness: the one to be shown.'),
  gradient: heatSchema.describe(
    'By gradient times activation at the last feature maps: finer, and less to be believed.',
  ),
});

/** Why two images are as much alike as they are. */
export const explanationSchema = z.strictObject({
  similarity: z.number().describe('Cosine of the angle between the embeddings.'),
  shares: z
    .array(z.strictObject({ path: z.string(), share: z.number() }))
    .describe(
      'What share of the cosine each path of the network has, the bias last: exact, 1 together, negative where a path makes ' +
        'them less alike; empty where the cosine is 0.',
    ),
  first: explainedSchema,
  second: explainedSchema,
});

/** One image that a search found. */
export const foundSchema = z.strictObject({
  id: z.string(),
  distance: z.number(),
  alike: alikeSchema.nullable(),
  metadata: metadataSchema,
});

/** An image of the store. */
export const imageSchema = z.strictObject({
  id: z.string(),
  contentHash: z.string().describe("SHA-256 of the image's bytes."),
  bytes: z.number().describe("Length of the image's bytes."),
  metadata: metadataSchema,
});

/** What was removed. */
export const removedSchema = z.strictObject({ removed: z.number().describe('How many images.') });

/** What a search found. */
export const foundImagesSchema = z.strictObject({
  images: z.array(foundSchema).describe('Nearest first.'),
  by: distanceName.describe('What images are compared by.'),
});

/** That all is well. */
export const statusSchema = z.strictObject({ status: z.enum(['ok', 'ready', 'stopping']) });

/** What a service is and serves. */
export type ServiceAbout = z.output<typeof aboutSchema>;
/** An embedding, and the model that it is of. */
export type ServiceEmbedding = z.output<typeof embeddingSchema>;
/** How much alike two images are, as a service answers. */
export type ServiceComparison = z.output<typeof comparisonSchema>;
/** Why two images are as much alike as they are, as a service answers. */
export type ServiceExplanation = z.output<typeof explanationSchema>;
/** An image of a service's store. */
export type ServiceImage = z.output<typeof imageSchema>;
/** What a search of a service found. */
export type ServiceFoundImages = z.output<typeof foundImagesSchema>;
