import { TrainingError } from '../../../foundation/errors/training-error.ts';
import { exists } from '../../../foundation/files/exists.ts';
import { splitPart } from '../../../pictures/datasets/dataset-part.ts';
import { readRunConfig, runFolder } from '../../../training/loop/run-folder.ts';
import { readRunImages } from '../../../training/loop/run-images.ts';
import { CommandLineError } from '../command-line-error.ts';
import { shellQuoted } from '../output/shell-quoted.ts';

/**
 * The pictures to train on: those that were named, or, of a run that is resumed, those that it was started with.
 *
 * @throws CommandLineError if none were named for a new run; an error that says what to type if a resumed run does not know its
 * pictures, or they are no longer where they were.
 */
export async function trainingImages(named: string | undefined, folder: string, resume: boolean): Promise<string> {
  if (named !== undefined) return named;
  if (!resume) throw new CommandLineError("missing required argument 'images'");
  const run = runFolder(folder);
  await readRunConfig(run);
  const again = `lookalike train <images> -o ${shellQuoted(folder)} --resume`;
  const known = await readRunImages(run);
  if (known === undefined) {
    throw new TrainingError(
      `the run in '${folder}' does not say which images it was started with: name them: ${again}`,
    );
  }
  if (await exists(splitPart(known).path)) return known;
  throw new TrainingError(
    `the run in '${folder}' was started with the images in '${known}', and there is nothing there now: name the place where they are: ${again}`,
  );
}
