import type { Embedder } from '../../../catalogue/embedding/embedder.ts';
import type { Engine } from '../../../engines/engine.ts';
import type { Trunk } from '../../../ranking/backbones/trunk.ts';
import { networkNamed } from '../../../training/hub/named-networks.ts';
import { CommandLineError } from '../command-line-error.ts';
import { backboneChoices, backboneOnHub } from '../options/training/backbone-options.ts';
import type { Terminal } from '../output/terminal.ts';
import { backboneFromHub } from './from-hub.ts';
import type { OpenedModel } from './open-model.ts';

/** What is judged beside raw pixels and HOG: it has learnt nothing from the pictures. */
export interface UntrainedModels {
  /** The model that the package carries; undefined where it is the one that is judged. */
  readonly packaged: Embedder | undefined;
  readonly backbone: Trunk | undefined;
}

/** What is said of a network whose untouched features are judged. */
export interface UntrainedChoices extends Omit<Parameters<typeof backboneChoices>[0], 'backbone'> {
  readonly backbone?: string | undefined;
  readonly offline: boolean;
}

/**
 * Opens what the pictures are judged by besides the model. Without a backbone that somebody names it is that of the model's run,
 * if the model lies in the folder of one.
 *
 * @throws CommandLineError if a backbone is no ONNX file; as `chooseTrunk` and `readTrunk` do.
 */
export async function openUntrained(
  choices: UntrainedChoices,
  { embedder }: OpenedModel,
  engine: Engine,
  terminal: Terminal,
): Promise<UntrainedModels> {
  const backbone =
    choices.backbone === undefined
      ? await backboneOfRun(embedder)
      : await namedBackbone(choices.backbone, choices, terminal);
  const { loadModel } = await import('../../../catalogue/embedding/embedder.ts');
  const { packagedModel } = await import('../../../foundation/packaged-model.ts');
  const packaged = await loadModel(packagedModel, { engine });
  if (packaged.model.id !== embedder.model.id) return { packaged, backbone };
  await packaged.close();
  return { packaged: undefined, backbone };
}

async function namedBackbone(typed: string, choices: UntrainedChoices, terminal: Terminal): Promise<Trunk> {
  const { backbone: _, offline, ...ofFile } = choices;
  const address = (networkNamed(typed) ?? backboneOnHub(typed))?.address;
  if (address === undefined && !typed.endsWith('.onnx')) {
    throw new CommandLineError(
      `option '--backbone' must be the path of an .onnx file or what lookalike backbones names, got '${typed}'`,
    );
  }
  const file = address === undefined ? { file: typed } : await backboneFromHub(address, terminal, offline);
  const { chooseTrunk } = await import('../../../training/planning/open-trunk.ts');
  const { trunk } = backboneChoices({ ...ofFile, backbone: file });
  return (await chooseTrunk(trunk!, { augmented: false })).trunk;
}

/** The backbone in the folder of the model's run; undefined where the model has none, or lies elsewhere. */
async function backboneOfRun({ model }: Embedder): Promise<Trunk | undefined> {
  if (!('trunk' in model.metadata.network)) return undefined;
  const { dirname } = await import('node:path');
  const { exists } = await import('../../../foundation/files/exists.ts');
  const { runFolder } = await import('../../../training/loop/run-folder.ts');
  const { backbone } = runFolder(dirname(model.path));
  if (!(await exists(backbone))) return undefined;
  const { trainingConfigSchema } = await import('../../../training/configuration/training-config.ts');
  const { readTrunk } = await import('../../../training/planning/open-trunk.ts');
  return readTrunk(backbone, trainingConfigSchema.parse(model.metadata.training).network);
}
