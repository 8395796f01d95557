import { CommanderError } from 'commander';
import { nearestName } from '../../../foundation/arguments/nearest-name.ts';
import { AbortError } from '../../../foundation/errors/abort-error.ts';
import { outputOptions } from '../build-program.ts';
import type { Command, OptionDefinition } from '../command.ts';
import { CommandLineError } from '../command-line-error.ts';

/** What similar programs call a command. */
const commandsElsewhere: Readonly<Record<string, string>> = {
  fit: 'train',
  learn: 'train',
  resume: 'train',
  query: 'search',
  find: 'search',
  similar: 'search',
  insert: 'add',
  delete: 'remove',
  rm: 'remove',
  sync: 'index',
  store: 'stores',
  diff: 'compare',
  distance: 'compare',
  test: 'evaluate',
  validate: 'evaluate',
  stats: 'inspect',
  info: 'inspect',
  benchmark: 'bench',
};

/**
 * Refuses a first word that is no command, also before `--help` and behind `help`.
 *
 * @throws CommandLineError with the name that is most like it.
 */
export function refuseUnknownCommand(argv: readonly string[], names: readonly string[]): void {
  const [first = '', second = ''] = argv;
  const word = first === 'help' && second !== 'help' ? second : first;
  if (word === '' || word === 'help' || word.startsWith('-') || names.includes(word)) return;
  const instead = Object.hasOwn(commandsElsewhere, word) ? commandsElsewhere[word] : nearestName(word, names);
  throw new CommandLineError(`unknown command '${word}'${instead === undefined ? '' : ` (did you mean ${instead}?)`}`);
}

/**
 * An error of the parser as one of ours, where ours says more: of an unknown option what it is called here.
 *
 * @param command the command that was named, if one was.
 */
export function explainedError(error: unknown, command: Command | undefined): unknown {
  // What stopped it is said, as the terminal's signal has it.
  if (error instanceof AbortError) return error.cause;
  if (!(error instanceof CommanderError) || error.code !== 'commander.unknownOption') return error;
  const [, flag = ''] = /unknown option '([\s\S]*?)'(?:\n|$)/.exec(error.message) ?? [];
  return new CommandLineError(`unknown option '${flag}'${optionHint(flag, command)}`);
}

function optionHint(flag: string, command: Command | undefined): string {
  const common: readonly OptionDefinition[] = Object.values(outputOptions);
  if (command === undefined) {
    const names = common.flatMap(namesOf);
    if (names.includes(flag)) return ': it goes behind the name of a command';
    return didYouMean(nearestName(flag, ['--help', '--version']));
  }
  const options = [...command.options, ...common.filter((one) => command.json !== false || one !== outputOptions.json)];
  const elsewhere = options.find((option) => option.elsewhere?.includes(flag) === true);
  if (elsewhere !== undefined) return `: here it is ${longName(elsewhere)}`;
  if (!flag.startsWith('--')) return '';
  return didYouMean(
    nearestName(
      flag,
      [...options.flatMap(namesOf), '--help'].filter((name) => name.startsWith('--')),
    ),
  );
}

function didYouMean(name: string | undefined): string {
  return name === undefined ? '' : ` (did you mean ${name}?)`;
}

/** `-k, --count <n>` with the alias `--top-k`: all three names. */
function namesOf({ flags, aliases = [] }: OptionDefinition): string[] {
  return [...(flags.match(/(?<![\w-])--?[a-zA-Z][\w-]*/g) ?? []), ...aliases];
}

function longName(option: OptionDefinition): string {
  return namesOf(option).find((name) => name.startsWith('--')) ?? option.flags;
}
