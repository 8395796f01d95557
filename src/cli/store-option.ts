import type { OptionDefinition } from './command.ts';

/** The option of every command that uses a store. */
export const storeOption: OptionDefinition = {
  flags: '-s, --store <uri>',
  description: 'the store: a folder, made by index if there is none',
  default: 'catalogue.lance',
};
