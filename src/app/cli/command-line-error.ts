/** The command line itself is wrong: an unknown option, a missing argument, a value that makes no sense. Exit code 2. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
}
