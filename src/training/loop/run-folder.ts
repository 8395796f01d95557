import { access, constants, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { exists } from '../../foundation/files/exists.ts';
import { fileError, isMissing } from '../../foundation/files/file-error.ts';
import { makeFolders } from '../../foundation/files/make-folders.ts';
import { readOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import { writeAtomically, writeJsonAtomically } from '../../foundation/files/write-atomically.ts';
import { checkedTrainingConfig, type TrainingConfig } from '../configuration/training-config.ts';

/** Where the files of a training run are. */
export interface RunFolder {
  readonly folder: string;
  readonly config: string;
  /** Where its pictures are; see `recordRunImages`. */
  readonly images: string;
  readonly log: string;
  readonly checkpoint: string;
  /** Weights of the best evaluation of a run of an earlier version, which kept them only with early stopping. */
  readonly formerBest: string;
  readonly model: string;
  /** Decoded pixels while the run goes on, a folder; only where memory has no room for them. */
  readonly pixels: string;
  readonly report: string;
  /** A copy of the ONNX file that is the backbone, where one is. */
  readonly backbone: string;
  /** What the doctor found in the pictures. */
  readonly findings: string;
  /** Says which process trains, as long as it does. */
  readonly lock: string;
}

/** The files of a run in `folder`, whether they exist or not. */
export function runFolder(folder: string): RunFolder {
  const at = (name: string) => path.join(folder, name);
  return {
    folder,
    config: at('config.json'),
    images: at('images.json'),
    log: at('log.jsonl'),
    checkpoint: at('checkpoint.safetensors'),
    formerBest: at('best.safetensors'),
    model: at('model.onnx'),
    pixels: at('pixels'),
    report: at('report.html'),
    backbone: at('backbone.onnx'),
    findings: at('findings.json'),
    lock: at('lock.json'),
  };
}

/**
 * Makes the folder, if it is not there. Returns the first folder that was made on the way to it; undefined if all were there.
 *
 * @throws if it cannot be made or written into, naming it.
 */
export async function makeRunFolder(run: RunFolder): Promise<string | undefined> {
  const made = await makeFolders(run.folder).catch((error: unknown) => {
    throw fileError('make', run.folder, error);
  });
  await access(run.folder, constants.W_OK).catch((error: unknown) => {
    throw fileError('write into', run.folder, error);
  });
  return made;
}

/** Removes the folder and those above it, up to the first one that `makeRunFolder` made, as far as they are empty. */
export async function removeMadeFolders({ folder }: RunFolder, firstMade: string | undefined): Promise<void> {
  if (firstMade === undefined) return;
  const first = path.resolve(firstMade);
  let emptied = path.resolve(folder);
  while (emptied.startsWith(first)) {
    try {
      await rmdir(emptied);
    } catch {
      // Somebody put something into it, or has removed it.
      return;
    }
    emptied = path.dirname(emptied);
  }
}

/** @throws if there is a run in the folder already. */
export async function refuseRun(run: RunFolder): Promise<void> {
  if (!(await exists(run.config))) return;
  throw new TrainingError(
    `'${run.folder}' holds a training run: continue it with options.resume: true, or choose another folder`,
  );
}

/**
 * Makes the folder of a new run and writes its configuration, behind a copy of the ONNX file that is the backbone, where one is:
 * a folder that has a configuration can be resumed.
 *
 * @throws if there is a run in it already, for nothing that was trained may be lost.
 */
export async function startRun(run: RunFolder, config: TrainingConfig, backbone?: Uint8Array): Promise<void> {
  await refuseRun(run);
  await makeRunFolder(run);
  if (backbone !== undefined) await writeAtomically(run.backbone, backbone);
  await writeJsonAtomically(run.config, config);
}

/** The configuration that a run was started with. @throws if there is none, or if it is not one. */
export async function readRunConfig(run: RunFolder): Promise<TrainingConfig> {
  let text: string;
  try {
    text = (await readOrdinaryFile(run.config)).toString('utf8');
  } catch (error) {
    if (isMissing(error)) {
      throw new TrainingError(`there is no training run to resume in '${run.folder}': it has no config.json`);
    }
    throw fileError('read', run.config, error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new TrainingError(
      `'${run.config}' is not JSON: ${(error as Error).message}; bring it back, or start a new run`,
    );
  }
  return checkedTrainingConfig(json, `'${run.config}'`);
}
