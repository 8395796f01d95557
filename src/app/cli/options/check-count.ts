import { type Command, optionKey } from '../command.ts';
import { CommandLineError } from '../command-line-error.ts';

/** What a word belongs behind, by its ending, where a command has such an option. */
const placeOf = [
  { ending: /\.onnx$/i, option: 'model', what: 'a model' },
  { ending: /\.lance\/?$/i, option: 'store', what: 'a store' },
] as const;

/**
 * Checks that no more words were given than a command has places for.
 *
 * @throws CommandLineError that says which word is too many, and, of a model or a store, which option it belongs behind.
 */
export function checkCount(command: Pick<Command, 'name' | 'arguments' | 'options'>, given: readonly string[]): void {
  const { name, arguments: places, options } = command;
  if (places.at(-1)?.variadic === true || given.length <= places.length) return;
  const takes = places.length === 0 ? 'no arguments' : places.map((place) => `<${place.name}>`).join(' ');
  const told = `too many arguments for '${name}': it takes ${takes}`;
  for (const { ending, option, what } of placeOf) {
    const flags = options.find((one) => optionKey(one.flags) === option)?.flags;
    const word = given.find((one) => ending.test(one));
    if (flags !== undefined && word !== undefined) {
      throw new CommandLineError(`${told}; ${what} goes behind --${option}: --${option} ${word}`);
    }
  }
  throw new CommandLineError(`${told}, got '${given[places.length]}' besides`);
}
