import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { codeOf, fileError } from '../../foundation/files/file-error.ts';
import { writeJsonAtomically } from '../../foundation/files/write-atomically.ts';
import type { RunFolder } from './run-folder.ts';

const runImagesSchema = z.strictObject({ location: z.string().min(1) });

/**
 * Notes in a run's folder where its pictures are, so that it can be resumed without naming them. It is no part of the
 * configuration: where pictures lie changes no result, and goes into no model.
 *
 * @param location absolute, as `loadTrainingMaterial` takes it.
 */
export async function recordRunImages(run: RunFolder, location: string): Promise<void> {
  await writeJsonAtomically(run.images, { location });
}

/** Where the pictures of a run were at last; undefined where it notes nothing of it. @throws if the note cannot be read. */
export async function readRunImages(run: RunFolder): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(run.images, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw fileError('read', run.images, error);
  }
  try {
    return runImagesSchema.parse(JSON.parse(text)).location;
  } catch {
    throw new TrainingError(
      `'${run.images}' does not say where the run's images are: name them beside options.resume: true, or remove that file`,
    );
  }
}
