import { z } from 'zod';

/** What a process that decodes is asked; the file's bytes are the frame's body. See `PixelRequest`. */
export const decoderRequestSchema = z.strictObject({
  background: z.string(),
  target: z.strictObject({ width: z.number(), height: z.number() }).optional(),
  scaledTo: z.strictObject({ width: z.number(), height: z.number() }).optional(),
  limits: z.strictObject({ pixels: z.number(), side: z.number(), seconds: z.number() }),
});

/**
 * What a process that decodes says: that it can begin; the size of a picture, whose pixels are the frame's body; why it was
 * refused; what it took too much of, before the process ends; or what went wrong beyond the picture.
 */
export const decoderReplySchema = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ width: z.int(), height: z.int() }),
  z.strictObject({ reason: z.string() }),
  z.strictObject({ over: z.enum(['time', 'memory']) }),
  z.strictObject({ failure: z.string() }),
]);

/** See `decoderReplySchema`. */
export type DecoderReply = z.infer<typeof decoderReplySchema>;
