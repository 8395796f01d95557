import { abortSignal, callback, flag, type OptionRules, optional } from '../../foundation/arguments/argument-rule.ts';
import type { OpenStoreOptions } from './vector-store.ts';

/** What a store may be opened with, of every kind. */
export const openStoreRules: OptionRules<OpenStoreOptions> = {
  create: optional(flag()),
  anyDistance: optional(flag()),
  onWait: optional(callback()),
  signal: optional(abortSignal()),
};
