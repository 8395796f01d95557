import type { ModelIdentity } from '../embedding/model-file.ts';
import { evaluationReportSchema } from '../evaluation/evaluation-report.ts';
import { percent } from '../report/percent.ts';
import type { JsonDocument } from './command.ts';
import type { ChosenModel } from './resolve-model.ts';
import type { Terminal } from './terminal.ts';

/**
 * Says which model is used, first of all; of the packaged model, which nobody chose, also what it is good for and how
 * good it is.
 *
 * @returns what a JSON document says of it.
 */
export function announceModel(terminal: Terminal, { id, metadata }: ModelIdentity, { path, origin }: ChosenModel) {
  terminal.say(`model: ${path} (${metadata.dimension} dimensions, SHA-256 ${id.slice(0, 12)})`);
  if (origin === 'packaged') {
    terminal.say(
      `  no --model and no run/model.onnx: this is the one that comes with lookalike. ${metadata.description}`,
    );
    const report = evaluationReportSchema.safeParse(metadata.evaluation);
    if (report.success) {
      const { recallAt1, mapAtR, similarityPrecision } = report.data.measures;
      const found = [
        ...(recallAt1 === undefined ? [] : [`Recall@1 ${percent(recallAt1.value)}`]),
        `MAP@R ${percent(mapAtR.value)}`,
        `similarity precision ${percent(similarityPrecision.value)}`,
      ];
      terminal.say(`  on pictures that it was not trained on: ${found.join(', ')}`);
    }
    terminal.say("  for your own pictures, train your own: 'lookalike train <images> -o run'");
  }
  return { path, id, origin, description: metadata.description, dimension: metadata.dimension } satisfies JsonDocument;
}
