import type { Engine } from '../../engines/engine.ts';
import { counted } from '../../foundation/text/counted.ts';
import type { ImageDataset } from '../../pictures/datasets/dataset.ts';
import type { SearchDistanceName } from '../../ranking/distances/search-distance.ts';
import { signByteLength } from '../../ranking/distances/sign-bits.ts';
import { pairedConclusion } from '../pages/paired-conclusion.ts';
import { compareModels } from '../runs/evaluation/compare-models.ts';
import { namedBaselines } from '../runs/evaluation/evaluate-baselines.ts';
import { evaluateDataset } from '../runs/evaluation/evaluate-dataset.ts';
import type { JsonDocument } from './command.ts';
import type { OpenedModel } from './input/open-model.ts';
import type { UntrainedModels } from './input/open-untrained.ts';
import { inOrder, measuresTable, namedTable, pairedTable } from './output/measures-table.ts';
import { sayModels } from './output/say-models.ts';
import type { Terminal } from './output/terminal.ts';
import { sayUnreadable } from './output/unreadable-images.ts';

/** What one or two models are judged on by the classes of a data set, and how it is told. */
export interface EvaluateByClassesOptions {
  readonly first: OpenedModel;
  /** Another model to measure the difference to. */
  readonly second: OpenedModel | undefined;
  readonly engine: Engine;
  readonly terminal: Terminal;
  readonly dataset: ImageDataset;
  readonly distance?: SearchDistanceName;
  /** What learnt nothing from the images, to be judged beside raw pixels and HOG; undefined to judge none of it. */
  readonly untrained: UntrainedModels | undefined;
  readonly binary: boolean;
  readonly ks: readonly number[];
  readonly seed: number;
  /** What the document says of the images. */
  readonly chosen: JsonDocument;
}

/** Judges a model, or two, on labelled images, says what was found, and returns it as a document. */
export async function evaluateByClasses(options: EvaluateByClassesOptions): Promise<JsonDocument> {
  const { first, second, terminal, chosen, untrained, ...rest } = options;
  const judged = { ...rest, ...comparedWith(untrained) };
  const { showProgress: onProgress, signal } = terminal;
  first.announce(terminal);
  if (second !== undefined) return compareTwo(options);
  const { embedder, model } = first;
  const found = await evaluateDataset({ ...judged, embedder, onProgress, signal });
  const { report, unreadable, withoutClass, baselines, binary } = found;
  terminal.say(`${counted(report.images, 'image')} of ${report.classes} classes, ${report.queries} of them queries`);
  const compared = [
    ...(binary === undefined ? [] : [{ name: 'binary', measures: binary.measures }]),
    ...namedBaselines(baselines),
  ];
  for (const line of measuresTable({ name: 'model', measures: report.measures }, compared)) terminal.say(line);
  const { dimension } = embedder;
  const bytes = { float: 4 * dimension, binary: signByteLength(dimension) };
  if (binary !== undefined) {
    terminal.say(`a vector takes ${bytes.float} bytes, binary ${bytes.binary}`);
  }
  if (withoutClass > 0) terminal.say(`${counted(withoutClass, 'image')} of no class left out`);
  sayUnreadable(terminal, unreadable);
  return {
    model,
    ...chosen,
    evaluation: report,
    ...(binary === undefined ? {} : { binary, bytesPerVector: bytes }),
    baselines,
    withoutClass,
    unreadable,
  };
}

async function compareTwo({
  first,
  second,
  terminal,
  chosen,
  untrained,
  ...judged
}: EvaluateByClassesOptions): Promise<JsonDocument> {
  const { withoutClass, unreadable, measures, baselines, ...counts } = await compareModels({
    ...judged,
    ...comparedWith(untrained),
    first: first.embedder,
    second: second!.embedder,
    onProgress: terminal.showProgress,
    signal: terminal.signal,
  });
  terminal.say(`${counted(counts.images, 'image')} of ${counts.classes} classes, ${counts.queries} of them queries`);
  sayModels(terminal, first, second!);
  for (const line of [...pairedTable(measures), ...namedTable(namedBaselines(baselines))]) terminal.say(line);
  const conclusion = pairedConclusion(['A', 'B'], Object.fromEntries(inOrder(measures)));
  terminal.say(conclusion);
  if (withoutClass > 0) terminal.say(`${counted(withoutClass, 'image')} of no class left out`);
  sayUnreadable(terminal, unreadable);
  return {
    model: first.model,
    against: second!.model,
    ...chosen,
    comparison: { ...counts, measures },
    conclusion: pairedConclusion([first.model.path, second!.model.path], Object.fromEntries(inOrder(measures))),
    ...(baselines === undefined ? {} : { baselines }),
    withoutClass,
    unreadable,
  };
}

/** What a model is judged beside, and by which intervals. */
function comparedWith(untrained: UntrainedModels | undefined) {
  return { baselines: untrained !== undefined, ...untrained, over: 'classes' } as const;
}
