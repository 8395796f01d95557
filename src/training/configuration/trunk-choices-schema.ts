import { z } from 'zod';
import { threeNumbers, threePositive } from '../../ranking/networks/trunk-config.ts';
import { type Normalization, type NormalizationName, normalizationNames, type TrunkChoices } from './trunk-choices.ts';

/** What a user may say of an ONNX file as the backbone, as a strict schema: nothing else is taken. */
export const trunkChoicesSchema = z.strictObject({
  file: z.string().min(1),
  cut: z.string().min(1).optional(),
  cutChannels: z.int().min(0).max(3).optional(),
  freeze: z.string().min(1).optional(),
  normalization: z
    .custom<NormalizationName | Normalization>(
      (given) =>
        z
          .union([z.enum(normalizationNames), z.strictObject({ mean: threeNumbers, deviation: threePositive })])
          .safeParse(given).success,
      `one of ${normalizationNames.join(', ')}, or { mean, deviation } with three numbers each, the deviations above 0,`,
    )
    .optional(),
  layout: z.enum(['nchw', 'nhwc']).optional(),
  channels: z.enum(['rgb', 'bgr']).optional(),
  usualSize: z.int().min(1).max(4096).optional(),
  linkedWithin: z.string().min(1).optional(),
  origin: z.strictObject({ repository: z.string(), revision: z.string(), path: z.string() }).optional(),
} satisfies { readonly [Name in keyof Required<TrunkChoices>]: z.ZodType<TrunkChoices[Name] | undefined> });
