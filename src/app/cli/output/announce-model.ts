import type { ModelIdentity } from '../../../catalogue/embedding/model-file.ts';
import type { JsonDocument } from '../command.ts';
import type { ChosenModel } from '../input/resolve-model.ts';
import type { Terminal } from './terminal.ts';

/**
 * Says in one line on standard error which model is used; of the packaged one, which nobody chose, also what it is good for and
 * what to do instead.
 */
export function announceModel(
  terminal: Terminal,
  { id, metadata }: ModelIdentity,
  { path, origin, unfinished }: ChosenModel,
): void {
  const facts = `(${metadata.dimension} dimensions, SHA-256 ${id.slice(0, 12)})`;
  if (origin === 'packaged') {
    const instead = unfinished ?? 'For your own pictures: lookalike train <images> -o run';
    terminal.note(`model: the one that comes with lookalike ${facts}. ${metadata.description} ${instead}`);
  } else {
    terminal.note(`model: ${path} ${facts}`);
  }
}

/** What a JSON document says of a model. */
export function modelDocument({ id, metadata }: ModelIdentity, { path, origin }: ChosenModel) {
  return { path, id, origin, description: metadata.description, dimension: metadata.dimension } satisfies JsonDocument;
}

/** What a page calls a model: its path, unless it is the packaged one. */
export function modelName({ path, origin }: { readonly path: string; readonly origin: ChosenModel['origin'] }): string {
  return origin === 'packaged' ? 'that comes with lookalike' : path;
}
