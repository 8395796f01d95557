import type { Embedder } from '../../../catalogue/embedding/embedder.ts';
import type { LoadModelOptions } from '../../../catalogue/embedding/load-model-options.ts';
import { announceModel, modelDocument } from '../output/announce-model.ts';
import type { Terminal } from '../output/terminal.ts';
import { type ChosenModel, resolveModel } from './resolve-model.ts';

/** A model that a command has opened. */
export interface OpenedModel {
  /** To be closed by the command. */
  readonly embedder: Embedder;
  /** What a JSON document says of it. */
  readonly model: ReturnType<typeof modelDocument>;
  /** Says which model it is; to be called once it is sure that the command can do what was asked. Said once. */
  announce(terminal: Terminal): void;
}

/** Loads the model that a command uses. Check the command's other arguments first: a model takes a second to load. */
export async function openModel(given: string | undefined, options: LoadModelOptions = {}): Promise<OpenedModel> {
  return openChosenModel(await resolveModel(given), options);
}

/** Loads a model that has been chosen; see `openModel`. */
export async function openChosenModel(chosen: ChosenModel, options: LoadModelOptions = {}): Promise<OpenedModel> {
  let announced = false;
  const { loadModel } = await import('../../../catalogue/embedding/embedder.ts');
  const embedder = await loadModel(chosen.path, options);
  return {
    embedder,
    model: modelDocument(embedder.model, chosen),
    announce(terminal) {
      if (announced) return;
      announceModel(terminal, embedder.model, chosen);
      if (embedder.engineRemark !== undefined) terminal.note(embedder.engineRemark);
      announced = true;
    },
  };
}
