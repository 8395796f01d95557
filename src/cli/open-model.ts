import type { Embedder, LoadModelOptions } from '../embedding/embedder.ts';
import { announceModel } from './announce-model.ts';
import { resolveModel } from './resolve-model.ts';
import type { Terminal } from './terminal.ts';

/**
 * Loads the model that a command uses and says which one it is.
 *
 * @returns the embedder, to be closed by the caller, and what a JSON document says of the model.
 */
export async function openModel(
  terminal: Terminal,
  given: string | undefined,
  options: LoadModelOptions = {},
): Promise<{ readonly embedder: Embedder; readonly model: ReturnType<typeof announceModel> }> {
  const chosen = await resolveModel(given);
  const { loadModel } = await import('../embedding/embedder.ts');
  const embedder = await loadModel(chosen.path, options);
  return { embedder, model: announceModel(terminal, embedder.model, chosen) };
}
