import { exists } from '../../../foundation/files/exists.ts';
import { CommandLineError } from '../command-line-error.ts';

/**
 * The file that a command writes where `--output` names none: never one that is there, for nobody asked for it to be replaced.
 *
 * @throws CommandLineError if it is there.
 */
export async function defaultOutput(file: string): Promise<string> {
  if (!(await exists(file))) return file;
  throw new CommandLineError(
    `there is a '${file}' already: name the file to write with --output, also to replace that one`,
  );
}
