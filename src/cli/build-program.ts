import { Command as Program } from 'commander';
import { type Command, optionKey } from './command.ts';

/** A command and what was typed behind it. */
export interface Invocation {
  readonly command: Command;
  readonly given: Readonly<Record<string, unknown>>;
  readonly json: boolean;
  readonly verbose: boolean;
}

/**
 * The parser of a set of commands. What it finds on the command line goes to `onInvocation`; help goes to `write`. It
 * throws commander's errors and never ends the process.
 */
export function buildProgram(
  commands: readonly Command[],
  version: string,
  write: (text: string) => void,
  onInvocation: (invocation: Invocation) => void,
): Program {
  const program = new Program('lookalike')
    .description('Fine-grained image similarity by deep ranking: train, compare, judge and search.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined, outputError: () => undefined })
    .addHelpText('after', "\nEvery command has --help: 'lookalike search --help'.");
  for (const command of commands) addCommand(program, command, onInvocation);
  return program;
}

function addCommand(program: Program, command: Command, onInvocation: (invocation: Invocation) => void): void {
  const sub = program.command(command.name).summary(command.summary);
  sub.description(command.details === undefined ? command.summary : `${command.summary}.\n\n${command.details}`);
  sub.helpOption('-h, --help', 'print this help');
  for (const { name, description } of command.arguments) sub.argument(`<${name}>`, description);
  for (const option of command.options) sub.option(option.flags, option.description, option.default);
  const hasJson = command.json !== false;
  if (hasJson) sub.option('--json', 'print one JSON document instead of text');
  sub.option('--verbose', 'with an error, print where it happened');
  const examples = command.examples.map((example) => `  ${example}`).join('\n');
  sub.addHelpText('after', `\n${command.examples.length === 1 ? 'Example' : 'Examples'}:\n${examples}`);
  sub.action(() => {
    const options: Record<string, unknown> = sub.opts();
    const given: Record<string, unknown> = {};
    for (const [index, { name }] of command.arguments.entries()) given[name] = sub.args[index];
    for (const { flags } of command.options) given[optionKey(flags)] = options[optionKey(flags)];
    onInvocation({ command, given, json: options['json'] === true, verbose: options['verbose'] === true });
  });
}
