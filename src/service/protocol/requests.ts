import { z } from 'zod';
import { queryNumber } from './query-number.ts';

/** The name of an image in the store. */
export const imageIdSchema = z.string().min(1).max(4096);

/** A picture at an address, which a service that may fetches. */
const remoteSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be an address of http: or https:' })
    .max(4096)
    .describe('Where a picture is: `https://shop.example/1.jpg`. Only where `remote` of `/v1/about` is true.'),
});

const stored = z.strictObject({ id: imageIdSchema.describe('An image of the store.') });

/** An image of the store, or a picture at an address, in place of an uploaded one. */
const pictureReferenceSchema = z.union([stored, remoteSchema]);

/** An image of the store, a picture at an address, or a vector of the model's, in place of an uploaded picture. */
export const referenceSchema = z.union([
  stored,
  remoteSchema,
  z.strictObject({ vector: z.array(z.number()).min(1).max(65_535).describe("An embedding of the service's model.") }),
]);

const references = (description: string) => z.array(referenceSchema).max(64).default([]).describe(description);

/** What to search for, beside pictures that are uploaded. */
export const searchRequestSchema = z.strictObject({
  queries: references('What is looked for, beside uploaded pictures; of several the mean.'),
  like: references('Examples that the images are to be like, too.'),
  unlike: references('Examples that they are not to be like.'),
  k: z.int().min(1).max(1000).default(20).describe('How many images to find.'),
  offset: z.int().min(0).max(100_000).default(0).describe('How many of the nearest to leave out: the next page.'),
  within: z.string().max(4096).optional().describe('Only images whose id starts so, such as a folder: `shoes/`.'),
  where: z
    .string()
    .max(10_000)
    .optional()
    .describe("Only images that this lets through: `class = 'shoes' and price < 50`."),
  maxDistance: z.number().min(0).optional().describe('Only images up to this distance.'),
  minAlike: z.number().min(0).max(1).optional().describe('Only images that are alike by at least this share.'),
});

/** What to compare, where pictures are not uploaded. */
export const compareRequestSchema = z.strictObject({
  first: pictureReferenceSchema.optional().describe('The first picture.'),
  second: pictureReferenceSchema.optional().describe('The second picture.'),
});

/** The same where no picture is uploaded. */
export const compareAloneSchema = compareRequestSchema.required();

/** What to embed, where the picture is not uploaded. */
export const embedRequestSchema = z.strictObject({ image: remoteSchema.optional().describe('The picture.') });

/** The same where no picture is uploaded. */
export const embedAloneSchema = embedRequestSchema.required();

/** What to fetch. */
export const fetchRequestSchema = remoteSchema;

/** Which image. */
export const imageQuerySchema = z.strictObject({ id: imageIdSchema });

const metadataValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** What is known of an image that is added, and its picture where it is not uploaded. */
export const putRequestSchema = z.strictObject({
  image: remoteSchema.optional().describe('The picture, where it is not uploaded.'),
  metadata: z
    .record(z.string().min(1).max(100), metadataValue)
    .default({})
    .describe('Values by the names of fields, by which searches can be narrowed.'),
});

/** The same where no picture is uploaded. */
export const putAloneSchema = putRequestSchema.required({ image: true });

/** Which thumbnail. */
export const thumbnailQuerySchema = z.strictObject({
  id: imageIdSchema,
  side: queryNumber(z.literal([64, 128, 256, 512, 1024]))
    .default(256)
    .describe('Pixels of its longer side, at most.'),
});

/** The token that opens a session. */
export const sessionRequestSchema = z.strictObject({ token: z.string().min(1).max(1024) });

/** An image of the store, a picture at an address, or a vector of the model's. */
export type ServiceReference = z.input<typeof referenceSchema>;
/** What a search of a service is asked, as a caller writes it. */
export type ServiceSearchRequest = z.input<typeof searchRequestSchema>;
/** What is known of an image that is added: values by the names of fields. */
export type ServiceMetadata = z.input<typeof putRequestSchema>['metadata'];
/** Pixels of the longer side of a thumbnail, at most. */
export type ThumbnailSide = 64 | 128 | 256 | 512 | 1024;
