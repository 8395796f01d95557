import { parseArgs } from 'node:util';

/**
 * Command-line options: texts (`--name value`), flags (`--name`) and what stands free.
 *
 * @param {readonly string[]} args
 * @param {{ texts: readonly string[], flags: readonly string[] }} known
 * @throws if an option is unknown, in one line that lists those there are.
 */
export function parseOptions(args, { texts, flags }) {
  const options = {};
  for (const name of texts) options[name] = { type: 'string' };
  for (const name of flags) options[name] = { type: 'boolean', default: false };
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    const names = [...texts, ...flags].map((name) => `--${name}`).join(', ');
    throw new Error(`${error.message.split('.')[0]}; there are: ${names}`, { cause: error });
  }
}

/**
 * An option that is a whole number of at least 1.
 *
 * @param {Readonly<Record<string, unknown>>} values
 * @param {string} name
 * @param {number} fallback
 */
export function wholeNumber(values, name, fallback) {
  const number = values[name] === undefined ? fallback : Number(values[name]);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`--${name} must be a whole number of at least 1, got '${values[name]}'`);
}
