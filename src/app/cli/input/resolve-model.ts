import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ModelError } from '../../../foundation/errors/model-error.ts';
import { exists } from '../../../foundation/files/exists.ts';
import { packagedModel } from '../../../foundation/packaged-model.ts';
import type { OptionDefinition } from '../command.ts';
import { unfinishedRun } from './unfinished-run.ts';

/** The option of every command that uses a model. */
export const modelOption: OptionDefinition = {
  flags: '-m, --model <file>',
  elsewhere: ['--weights', '--checkpoint', '--run'],
  description:
    'the model: a model.onnx, or the folder of a training run (default: run/model.onnx, else the packaged one)',
};

/** The model that a command uses, and why this one. */
export interface ChosenModel {
  readonly path: string;
  /** `given` by an option, the one that the `store` was made with, found in the `run` folder, or `packaged` with the program. */
  readonly origin: 'given' | 'store' | 'run' | 'packaged';
  /** Where the run in the `run` folder stands, in words, if it has no model yet. */
  readonly unfinished?: string;
}

/** Where a model is looked for that nobody named. */
export interface ResolveModelOptions {
  /** Where `run/model.onnx` is looked for. Default: the working directory. */
  readonly folder?: string;
  /** The model that the package carries. */
  readonly packaged?: string;
}

/**
 * The model to use: the given one, else `run/model.onnx`, else the one that the package carries.
 *
 * @throws if none is given and there is neither of the others; if the folder of a run is given that is not finished, saying how
 * far it is, or a folder that holds none. Whether a given file exists shows when it is loaded.
 */
export async function resolveModel(given: string | undefined, options: ResolveModelOptions = {}): Promise<ChosenModel> {
  if (given !== undefined) {
    const isFolder = await stat(given).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    const file = isFolder ? path.join(given, 'model.onnx') : given;
    if (!(await exists(file))) await refuseWithoutModel(given, isFolder);
    return { path: file, origin: 'given' };
  }
  const run = runModel(options.folder ?? '.');
  if (await isFile(run)) return { path: run, origin: 'run' };
  const packaged = options.packaged ?? packagedModel;
  if (await isFile(packaged)) {
    const unfinished = await unfinishedRun(path.dirname(run));
    return { path: packaged, origin: 'packaged', ...(unfinished === undefined ? {} : { unfinished }) };
  }
  throw new ModelError(
    `no model is given, and there is neither '${run}' nor '${packaged}': ` +
      "train one with 'lookalike train <images> -o run', or name one with --model",
  );
}

/** Where a run that was started in a folder with no name for it has its model. */
export function runModel(folder: string): string {
  return path.join(folder, 'run', 'model.onnx');
}

/** Says of a given model that is not there what is there instead. */
async function refuseWithoutModel(given: string, isFolder: boolean): Promise<void> {
  const unfinished = await unfinishedRun(isFolder ? given : path.dirname(given));
  if (unfinished !== undefined) throw new ModelError(unfinished);
  if (!isFolder) return;
  throw new ModelError(
    `'${given}' is a folder without a model.onnx: give a model file, or the folder of a training run that is finished`,
  );
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
