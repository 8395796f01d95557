import type { ArgumentRule, OptionRules } from './argument-rule.ts';
import { unknownOption, wrongArgument } from './wrong-argument.ts';

/**
 * Checks an object of options before anything of it is used.
 *
 * @param within where it stands: errors name `<within>.<option>`. Default: the options are the argument itself.
 * @throws UsageError if it is no object, has a key that no option has, or an option is missing or not what it has to be.
 */
export function checkOptions<Options extends object>(
  options: Options,
  rules: OptionRules<Options>,
  within = '',
): asserts options is Options {
  const expected = 'an object of options';
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw wrongArgument({ path: within || 'options', expected, value: options });
  }
  const known = Object.keys(rules);
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, key)) throw unknownOption(key, { within, known, value });
  }
  const given = new Map<string, unknown>(Object.entries(options));
  for (const [key, rule] of Object.entries<ArgumentRule<unknown, boolean>>(rules)) {
    const value = given.get(key);
    if (value !== undefined || !rule.optional) checkArgument(value, rule, within === '' ? key : `${within}.${key}`);
  }
}

/**
 * Checks one argument.
 *
 * @throws UsageError if it is not what it has to be.
 */
export function checkArgument<Value>(
  value: unknown,
  { expected, names, hint, accepts }: ArgumentRule<Value, boolean>,
  path: string,
): void {
  if (!accepts(value)) throw wrongArgument({ path, expected, value, names, hint });
}
