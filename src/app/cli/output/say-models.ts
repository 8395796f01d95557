import type { OpenedModel } from '../input/open-model.ts';
import type { Terminal } from './terminal.ts';

/** Names two models that a table calls A and B, for paths make its columns too wide to read. */
export function sayModels(terminal: Terminal, first: OpenedModel, second: OpenedModel): void {
  terminal.say(`A: ${first.model.path}`);
  terminal.say(`B: ${second.model.path}`);
}
