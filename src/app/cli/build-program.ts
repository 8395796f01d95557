import { CommanderError, Option, Command as Program } from 'commander';
import { type ArgumentDefinition, type Command, type OptionDefinition, optionKey, optionTerm } from './command.ts';
import { checkCount } from './options/check-count.ts';
import { helpLayout } from './output/help-layout.ts';

/** A command and what was typed behind it. */
export interface Invocation {
  readonly command: Command;
  readonly given: Readonly<Record<string, unknown>>;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Of each option that was given twice, which value counts. */
  readonly twice: readonly string[];
}

/** Where a program's help goes, and how wide it may be. */
export interface ProgramOutput {
  readonly version: string;
  write(text: string): void;
  /** Columns of help; it is wrapped once, to these. */
  readonly columns: number;
}

/** Options that every command has, for the end of its help. */
export const outputOptions = {
  json: { flags: '--json', description: 'print one JSON document instead of text' },
  quiet: { flags: '-q, --quiet', description: 'print results, warnings and errors alone' },
  verbose: { flags: '--verbose', description: 'with an error, print where it happened' },
} as const satisfies Readonly<Record<string, OptionDefinition>>;

const helpOption = { flags: '-h, --help', description: 'print this help' };
const outputGroup = 'Output:';

/**
 * The parser of a set of commands. What it finds on the command line goes to `onInvocation`; help goes to `output`. It
 * throws commander's errors and never ends the process.
 */
export function buildProgram(
  commands: readonly Command[],
  output: ProgramOutput,
  onInvocation: (invocation: Invocation) => void,
): Program {
  const { version, columns, write } = output;
  const program = new Program('lookalike')
    .description('Fine-grained image similarity by deep ranking: train, compare, judge and search.')
    .version(version, '-V, --version', 'print the version')
    .helpOption(helpOption.flags, helpOption.description)
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureHelp(helpLayout(columns))
    .configureOutput({ writeOut: write, writeErr: () => undefined, outputError: () => undefined })
    .addHelpText('after', "\nEvery command has --help: 'lookalike search --help'.");
  for (const option of program.options) option.flags = '-v, -V, --version';
  program.addOption(new Option('-v').hideHelp()).on('option:v', () => {
    write(`${version}\n`);
    throw new CommanderError(0, 'commander.version', version);
  });
  for (const command of commands) addCommand(program, command, onInvocation);
  return program;
}

function addCommand(program: Program, command: Command, onInvocation: (invocation: Invocation) => void): void {
  const sub = program.command(command.name).summary(command.summary).helpGroup(`${command.group}:`);
  sub.description(command.details === undefined ? command.summary : `${command.summary}.\n\n${command.details}`);
  // Counted below, with a hint at what belongs behind an option.
  sub.allowExcessArguments(true);
  for (const argument of command.arguments) sub.argument(argumentTerm(argument), argument.description);
  const twice: string[] = [];
  const onTwice = (line: string) => twice.push(line);
  for (const option of command.options) addOption(sub, option, option.group, onTwice);
  const grouped = command.options.some(({ group }) => group !== undefined);
  const { json: document, ...others } = outputOptions;
  const json =
    command.json === 'lines'
      ? { ...document, description: 'print JSON documents instead of text, one a line' }
      : document;
  for (const option of [...(command.json === false ? [] : [json]), ...Object.values(others)]) {
    addOption(sub, option, grouped ? outputGroup : undefined, onTwice);
  }
  const help = new Option(helpOption.flags, helpOption.description);
  sub.addHelpOption(grouped ? help.helpGroup(outputGroup) : help);
  const examples = command.examples.map((example) => `  ${example}`).join('\n');
  sub.addHelpText('after', `\n${command.examples.length === 1 ? 'Example' : 'Examples'}:\n${examples}`);
  sub.action(() => {
    const options: Record<string, unknown> = sub.opts();
    checkCount(command, sub.args);
    const given: Record<string, unknown> = {};
    for (const [index, { name, variadic }] of command.arguments.entries()) {
      given[name] = variadic === true ? sub.args.slice(index) : sub.args[index];
    }
    for (const { flags } of command.options) given[optionKey(flags)] = options[optionKey(flags)];
    const isSet = (name: keyof typeof outputOptions) => options[name] === true;
    onInvocation({ command, given, json: isSet('json'), quiet: isSet('quiet'), verbose: isSet('verbose'), twice });
  });
}

/** Adds an option and, out of the help's sight, its other names: each sets the value of the first. */
function addOption(
  sub: Program,
  definition: OptionDefinition,
  group: string | undefined,
  onTwice: (line: string) => void,
): void {
  const { flags, aliases = [] } = definition;
  const option = new Option(flags, definition.description).default(definition.default);
  option.flags = optionTerm(definition);
  if (definition.repeatable === true) {
    option.argParser((value: string, before: readonly string[] = []) => [...before, value]);
  }
  if (group !== undefined) option.helpGroup(`${group.replace(/:$/, '')}:`);
  sub.addOption(option);
  const [value = ''] = / <.*$/.exec(flags) ?? [];
  const takesOne = value !== '' && definition.repeatable !== true;
  const heard = takesOne ? hearer(option.flags, onTwice) : undefined;
  if (heard !== undefined) sub.on(`option:${option.name()}`, heard);
  for (const alias of aliases) {
    sub.addOption(new Option(`${alias}${value}`).hideHelp());
    sub.on(`option:${alias.replace(/^--/, '')}`, (given: unknown) => {
      heard?.(given);
      sub.setOptionValueWithSource(option.attributeName(), given ?? true, 'cli');
    });
  }
}

/** Hears the values of an option that takes one, and tells of another one beside it: a filter that does not count is no small thing. */
function hearer(flags: string, onTwice: (line: string) => void): (value: unknown) => void {
  let before: unknown;
  return (value) => {
    if (before !== undefined && before !== value)
      onTwice(`option '${flags}' is given twice: the last one counts, '${value}', and '${before}' does not`);
    before = value;
  };
}

function argumentTerm({ name, optional, variadic }: ArgumentDefinition): string {
  const words = variadic === true ? `${name}...` : name;
  return optional === true ? `[${words}]` : `<${words}>`;
}
