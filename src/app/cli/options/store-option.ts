import { z } from 'zod';
import type { OptionDefinition } from '../command.ts';

/** The option of every command that uses a store. */
export const storeOption: OptionDefinition = {
  flags: '-s, --store <uri>',
  elsewhere: ['--db', '--database', '--catalogue', '--index', '--output', '-o'],
  description: 'the store: a folder, or postgres://user@host/database/table; made by index if there is none',
  default: 'catalogue.lance',
};

/** What may be given for it. */
export const storeInput = z
  .string()
  .min(1, 'must not be empty: name a folder')
  .refine((uri) => !/^(shared-)?memory:\/\//i.test(uri), 'is gone when the command ends: name a folder');
