import { stat } from 'node:fs/promises';
import path from 'node:path';
import { packagedModel } from '../embedding/packaged-model.ts';
import type { OptionDefinition } from './command.ts';

/** The option of every command that uses a model. */
export const modelOption: OptionDefinition = {
  flags: '-m, --model <file>',
  description:
    'the model: a model.onnx, or the folder of a training run (default: run/model.onnx, else the packaged one)',
};

/** The model that a command uses, and why this one. */
export interface ChosenModel {
  readonly path: string;
  /** `given` by an option, the one that the `store` was made with, found in the `run` folder, or `packaged` with the program. */
  readonly origin: 'given' | 'store' | 'run' | 'packaged';
}

export interface ResolveModelOptions {
  /** Where `run/model.onnx` is looked for. Default: the working directory. */
  readonly folder?: string;
  /** The model that the package carries. */
  readonly packaged?: string;
}

/**
 * The model to use: the given one, else `run/model.onnx`, else the one that the package carries.
 *
 * @throws if none is given and there is neither of the others. Whether a given one exists shows when it is loaded.
 */
export async function resolveModel(given: string | undefined, options: ResolveModelOptions = {}): Promise<ChosenModel> {
  if (given !== undefined) {
    const isFolder = await stat(given).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    return { path: isFolder ? path.join(given, 'model.onnx') : given, origin: 'given' };
  }
  const run = runModel(options.folder ?? '.');
  if (await isFile(run)) return { path: run, origin: 'run' };
  const packaged = options.packaged ?? packagedModel;
  if (await isFile(packaged)) return { path: packaged, origin: 'packaged' };
  throw new Error(
    `no model is given, and there is neither '${run}' nor '${packaged}': ` +
      "train one with 'lookalike train <images> -o run', or name one with --model",
  );
}

/** Where a run that was started in a folder with no name for it has its model. */
export function runModel(folder: string): string {
  return path.join(folder, 'run', 'model.onnx');
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
