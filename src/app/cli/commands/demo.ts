import { z } from 'zod';
import { TrainingError } from '../../../foundation/errors/training-error.ts';
import { alternatives } from '../../../foundation/text/alternatives.ts';
import { textTable } from '../../../foundation/text/text-table.ts';
import { engineChoices, precisionChoices } from '../../../training/configuration/engine-choices.ts';
import { defineCommand } from '../command.ts';
import { oneOf, wholeNumber } from '../options/option-values.ts';
import { errorLine } from '../output/error-line.ts';
import { measuresTable } from '../output/measures-table.ts';
import { nextCommand } from '../output/next-command.ts';
import { shellQuoted } from '../output/shell-quoted.ts';
import { watchTraining } from '../output/training/watch-training.ts';

/** `lookalike demo` */
export const demoCommand = defineCommand({
  name: 'demo',
  group: 'Look around',
  summary: 'the whole of lookalike on real pictures, in minutes',
  details:
    'Draws 8,766 emoji of 1,585 concepts by seven designers, learns on half of the concepts what makes them look alike, ' +
    'judges itself on the other half beside raw pixels and HOG, writes model.onnx and a report, indexes all pictures and ' +
    'searches for one. Needs the @iconify-json packages (dependencies of the clone). Ctrl-C saves; the same command goes on.',
  arguments: [],
  options: [
    { flags: '-o, --output <folder>', description: 'where pictures, run and catalogue go', default: 'demo' },
    {
      flags: '--preset <name>',
      description: 'contour, or small: the network that the figures of other frameworks are of',
      default: 'contour',
    },
    { flags: '--seed <n>', description: 'decides everything that is random', default: '0' },
    {
      flags: '--steps <n>',
      description: 'steps of the training; fewer is only for trying out (the full demo: 590, of small 885)',
    },
    { flags: '--threads <n>', description: 'threads of the engine', default: '2' },
    { flags: '--engine <name>', description: `what trains: ${alternatives(engineChoices)}`, default: 'auto' },
    {
      flags: '--precision <name>',
      description: `what oneDNN trains in: ${alternatives(precisionChoices)}`,
      default: 'auto',
    },
  ],
  examples: ['lookalike demo', 'lookalike demo -o /tmp/demo --json'],
  stopsItself: true,
  input: z.object({
    output: z.string(),
    preset: oneOf(['contour', 'small']),
    seed: wholeNumber(),
    steps: wholeNumber({ min: 1 }).optional(),
    threads: wholeNumber({ min: 1, max: 256 }),
    engine: oneOf(engineChoices),
    precision: oneOf(precisionChoices),
  }),
  async run({ output, preset, seed, steps, threads, engine, precision }, terminal) {
    const started = performance.now();
    const { runDemo } = await import('../../demo/run-demo.ts');
    const watch = watchTraining(terminal);
    const { signal } = terminal;
    const result = await runDemo({
      folder: output,
      preset,
      seed,
      threads,
      engine,
      precision,
      ...(steps === undefined ? {} : { steps }),
      signal,
      onProgress: terminal.showProgress,
      say: (line) => terminal.remark(line),
      onPlan: watch.plan,
      onEvent: watch.event,
    }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      throw new TrainingError(
        `${errorLine(signal.reason)}; what is done is saved, and the same command goes on from there: lookalike demo -o ${shellQuoted(output)}`,
      );
    });
    terminal.clear();
    const { trained, baselines, training, run, search, catalogue } = result;
    const seconds = { training: training.outcome.seconds, total: (performance.now() - started) / 1000 };
    terminal.say();
    terminal.say(
      `on ${trained.classes} concepts never seen in training (${trained.images} pictures), preset ${preset}, seed ${seed}, ${training.outcome.images} images through the network:`,
    );
    const compared = [
      { name: 'raw pixels', measures: baselines.rawPixels.measures },
      { name: 'HOG', measures: baselines.hog.measures },
    ];
    for (const line of measuresTable({ name: 'trained', measures: trained.measures }, compared)) terminal.say(line);
    terminal.say();
    terminal.say(`model: ${run.model}`);
    terminal.say(`report: ${run.report}`);
    terminal.say(`catalogue: ${catalogue}`);
    terminal.say(`training ${seconds.training.toFixed(0)} s, everything ${seconds.total.toFixed(0)} s`);
    terminal.say();
    terminal.say(`nearest to ${search.query}:`);
    const rows = search.results.map(({ id, distance }, place) => [`${place + 1}`, distance.toFixed(4), id]);
    for (const line of textTable(rows, ['right', 'right', 'left'])) terminal.say(line);
    terminal.remark();
    terminal.remark(nextCommand('search', search.query, '--store', catalogue, '--model', run.model));
    return {
      ended: training.outcome.ended,
      preset,
      seed,
      pictures: result.pictures,
      images: training.outcome.images,
      trained: { ...values(trained.measures), intervals: trained.measures },
      baselines: { rawPixels: values(baselines.rawPixels.measures), hog: values(baselines.hog.measures) },
      seconds,
      model: run.model,
      report: run.report,
      catalogue,
      search: { query: search.query, results: search.results.map(({ metadata: _, ...found }) => ({ ...found })) },
    };
  },
});

/** The measures' values alone, shares of 1. */
function values(measures: Readonly<Record<string, { readonly value: number }>>): Record<string, number> {
  return Object.fromEntries(Object.entries(measures).map(([key, { value }]) => [key, value]));
}
