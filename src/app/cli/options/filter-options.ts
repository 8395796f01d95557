import { z } from 'zod';
import { parseFilter } from '../../../catalogue/filters/parse-filter.ts';
import type { ImageFilter } from '../../../catalogue/stores/vector-store.ts';
import type { OptionDefinition } from '../command.ts';

/** The options of commands that look at some images of a store alone. */
export const filterOptions: readonly OptionDefinition[] = [
  {
    flags: '--within <prefix>',
    description: 'only images whose name in the store starts so, such as a folder: shoes/',
  },
  {
    flags: '--where <filter>',
    elsewhere: ['--filter'],
    description: 'only images that a filter lets through: "class = \'shoes\' and price < 50"; see docs/search.md',
  },
];

/** What these options hold. */
export const filterInput = {
  within: z.string().optional(),
  where: z.string().optional(),
};

/** The filter of what was given. @throws UsageError if the text is none; its fields are looked up by the store. */
export function givenFilter({
  within,
  where,
}: {
  within?: string | undefined;
  where?: string | undefined;
}): ImageFilter {
  if (where !== undefined) parseFilter(where);
  return {
    ...(within === undefined ? {} : { prefix: within }),
    ...(where === undefined ? {} : { where }),
  };
}
