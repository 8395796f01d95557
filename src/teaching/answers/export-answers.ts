import path from 'node:path';
import { DatasetError } from '../../foundation/errors/dataset-error.ts';
import { writeTripletFile } from '../../ranking/triplets/write-triplet-file.ts';
import type { Answer } from './answer.ts';
import { answeredTriplets } from './answered-triplets.ts';
import { unanimousTriplets } from './rater-agreement.ts';

/** Which triplets of answers are written. */
export interface ExportOptions {
  /** Only triplets that so many raters agree on and none denies; see `unanimousTriplets`. Default: whatever was said. */
  readonly unanimous?: number | undefined;
  /** `train`: what heads may be trained with; `aside`: what only judges them. Default: both. */
  readonly part?: 'train' | 'aside' | undefined;
}

/**
 * Writes answers as the CSV of triplets that `train` and `evaluate` read, atomically.
 *
 * @param files the file of each picture by its id, or the folder that ids are relative to. Answers about pictures without a file
 *   are left out.
 * @returns how many triplets were written.
 * @throws DatasetError if there is no triplet to write; if the file cannot be written.
 */
export async function exportAnswers(
  file: string,
  answers: readonly Answer[],
  files: ReadonlyMap<string, string> | string,
  { unanimous, part }: ExportOptions = {},
): Promise<number> {
  const said = unanimous === undefined ? answeredTriplets(answers) : unanimousTriplets(answers, unanimous);
  const fileOf = (image: string) => (typeof files === 'string' ? path.resolve(files, image) : files.get(image));
  const chosen = said.filter(
    ({ keptAside, query, positive, negative }) =>
      (part === undefined || keptAside === (part === 'aside')) &&
      [query, positive, negative].every((image) => fileOf(image) !== undefined),
  );
  if (chosen.length === 0) {
    throw new DatasetError(
      `no triplets to write to '${file}': ${answers.length} answers say none that is asked for; label some first, or ask for others`,
    );
  }
  const images = [...new Set(chosen.flatMap(({ query, positive, negative }) => [query, positive, negative]))];
  const places = new Map(images.map((image, place) => [image, place]));
  const block = Uint32Array.from(
    chosen.flatMap(({ query, positive, negative }) => [query, positive, negative].map((image) => places.get(image)!)),
  );
  return writeTripletFile(
    file,
    images.map((image) => fileOf(image)!),
    [block],
  );
}
