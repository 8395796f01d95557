import type { z } from 'zod';
import type { JsonValue } from '../../foundation/files/json-value.ts';
import { CommandLineError } from './command-line-error.ts';
import type { Terminal } from './output/terminal.ts';

/** A value that is given by its place. */
export interface ArgumentDefinition {
  /** Its key in the command's input, and what help calls it. */
  readonly name: string;
  readonly description: string;
  /** True where the command does without it. Default: false. */
  readonly optional?: boolean;
  /** True of a last argument that takes all words that are left: an array in the input. Default: false. */
  readonly variadic?: boolean;
}

/** A value that is given by its name. */
export interface OptionDefinition {
  /** As commander writes them: `-k, --count <n>`. Its key in the command's input is the long name in camelCase. */
  readonly flags: string;
  /** Other names that do the same, such as `--lr`; help shows them beside the first. */
  readonly aliases?: readonly string[];
  /** What it is called elsewhere: not taken, but an error about such a name says this one. */
  readonly elsewhere?: readonly string[];
  readonly description: string;
  /** True of one that may be given several times: an array in the input. Default: false. */
  readonly repeatable?: boolean;
  /** The heading that help puts it under, for commands with many options. Default: `Options`. */
  readonly group?: string;
  /** What the command gets where the option is not given, as somebody would type it. Shown in the help. */
  readonly default?: string;
}

/** The one document that a command prints under `--json`. */
export type JsonDocument = { readonly [key: string]: JsonValue | undefined };

/** What a command is for: the headings of the list of commands. */
export type CommandGroup = 'Use a model' | 'Make a model' | 'Judge and improve' | 'Look around';

/** One command of the program, whatever its input is. */
export interface Command {
  readonly name: string;
  /** The heading that the list of commands puts it under. */
  readonly group: CommandGroup;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What help says below that line, if there is more to say. */
  readonly details?: string;
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
  /** Command lines for the end of the help. */
  readonly examples: readonly string[];
  /**
   * True if the command watches `terminal.signal` itself and stops tidily when it aborts; otherwise it is left where it
   * stands. Default: false.
   */
  readonly stopsItself?: boolean;
  /**
   * False for a command that has no `--json`, `lines` for one that prints a document a line, by `terminal.document`: those that run
   * until they are stopped. Default: true.
   */
  readonly json?: boolean | 'lines';
  /**
   * Does the work. `given` has arguments and options by their keys, as typed. What it returns is printed under `--json`.
   *
   * @throws CommandLineError if a value makes no sense.
   */
  execute(given: Readonly<Record<string, unknown>>, terminal: Terminal): Promise<JsonDocument | undefined>;
}

/** A command with the type of its input. */
export interface CommandDefinition<Schema extends z.ZodType> extends Omit<Command, 'execute'> {
  /** Turns what was typed into the input: one key an argument or option. */
  readonly input: Schema;
  /** Does the work; see `Command.execute`. Load what is slow to load here, with `import()`. */
  run(input: z.infer<Schema>, terminal: Terminal): Promise<JsonDocument | undefined>;
}

/** A command from its definition. */
export function defineCommand<Schema extends z.ZodType>(definition: CommandDefinition<Schema>): Command {
  const { input, run, ...rest } = definition;
  return {
    ...rest,
    async execute(given, terminal) {
      const parsed = input.safeParse(given);
      if (!parsed.success) throw usageError(definition, parsed.error, given);
      return run(parsed.data, terminal);
    },
  };
}

function usageError(
  { arguments: named, options }: Pick<Command, 'arguments' | 'options'>,
  { issues: [issue] }: z.ZodError,
  given: Readonly<Record<string, unknown>>,
): CommandLineError {
  const key = String(issue.path[0] ?? '');
  const option = options.find(({ flags }) => optionKey(flags) === key);
  const argument = named.find(({ name }) => name === key);
  const what =
    option !== undefined ? `option '${optionTerm(option)}'` : argument !== undefined ? `argument '${key}'` : key;
  if (given[key] === undefined) return new CommandLineError(`${what} is missing`);
  return new CommandLineError(`${what} ${issue.message}, got '${String(given[key])}'`);
}

/** The key of an option: `--hard-negatives <n>` is `hardNegatives`, `--no-cache` is `cache`. */
export function optionKey(flags: string): string {
  const long = /--(?:no-)?([a-z0-9-]+)/.exec(flags)?.[1] ?? flags;
  return long.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** An option with all its names, as help and errors show it: `-k, --count, --top-k <n>`. */
export function optionTerm({ flags, aliases = [] }: Pick<OptionDefinition, 'flags' | 'aliases'>): string {
  const [, names = flags, value = ''] = /^([^<]*?)( <.*)?$/.exec(flags) ?? [];
  return `${[names, ...aliases].join(', ')}${value}`;
}

/** Options under a heading of their own in the help. */
export function inGroup(group: string, options: readonly OptionDefinition[]): OptionDefinition[] {
  return options.map((option) => ({ group, ...option }));
}
