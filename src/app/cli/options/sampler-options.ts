import { z } from 'zod';
import { samplerNames, samplerTable } from '../../../ranking/triplets/samplers/sampler-table.ts';
import type { OptionDefinition } from '../command.ts';
import { numberFrom, oneOf, shareOf, wholeNumber } from './option-values.ts';

/** The options of relevance sampling, for every command that draws triplets. */
export const samplerOptions: readonly OptionDefinition[] = [
  {
    flags: '--sampler <name>',
    description: `how triplets are drawn: ${samplerTable.all.map(({ words }) => words.option).join(', or ')}`,
  },
  {
    flags: '--relevance <kind>',
    description:
      'labels[:decay] (group/subgroup/concept), pairs:file.csv, metadata:file.csv, pixels, colour, hog or model:file.onnx',
  },
  { flags: '--out-of-class <share>', description: 'share of triplets with a negative of another category (0.2)' },
  {
    flags: '--relevance-margin <r>',
    description: 'a negative of the same category is less relevant than the positive by this, at least (0.05)',
  },
  { flags: '--relevance-limit <r>', description: 'more relevant pairs count as this relevant' },
  { flags: '--buffer <n>', description: 'images of each category that relevance sampling holds (100)' },
  { flags: '--category-levels <n>', description: "leading parts of a class's path that are its category (1)" },
];

/** What these options hold. */
export const samplerInput = {
  sampler: oneOf(samplerNames).optional(),
  relevance: z.string().optional(),
  outOfClass: shareOf().optional(),
  relevanceMargin: numberFrom(0).optional(),
  relevanceLimit: numberFrom(0)
    .refine((value) => value > 0, 'must be a number above 0')
    .optional(),
  buffer: wholeNumber({ min: 2, max: 1_000_000 }).optional(),
  categoryLevels: wholeNumber({ min: 1, max: 64 }).optional(),
};
