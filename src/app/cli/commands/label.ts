import { availableParallelism } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { TeachingSession } from '../../../teaching/session/teaching-session.ts';
import { defineCommand } from '../command.ts';
import { loadImages } from '../input/load-images.ts';
import { openModel } from '../input/open-model.ts';
import { modelOption } from '../input/resolve-model.ts';
import { engineInput, engineOptions, givenEngine } from '../options/engine-options.ts';
import { wholeNumber } from '../options/option-values.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../options/picture-limit-options.ts';
import type { Terminal } from '../output/terminal.ts';
import { untilAborted } from '../thread/until-aborted.ts';

/** `lookalike label` */
export const labelCommand = defineCommand({
  name: 'label',
  group: 'Make a model',
  summary: 'ask people which pictures are alike, and teach a model by it',
  details:
    'Opens a page at 127.0.0.1 that asks: which of two pictures is more like a third, or which of twelve are like one. Every ' +
    'answer is on the disk at once, in answers.jsonl of the output folder. A share of the questions is kept aside: they judge ' +
    'what is learnt. The page teaches a head of the model in seconds and writes it as model.onnx into that folder, where it ' +
    'is no worse on what was kept aside; it also writes triplets.csv, which train reads. It runs until it is stopped (Ctrl-C).',
  arguments: [{ name: 'images', description: 'a folder of pictures, or what else train reads' }],
  options: [
    modelOption,
    { flags: '-o, --output <folder>', description: 'where answers and the taught model go', default: 'answers' },
    { flags: '-p, --port <n>', description: 'the port; 0 is any that is free', default: '8420' },
    { flags: '--seed <n>', description: 'decides which questions are kept aside', default: '0' },
    ...engineOptions,
    ...pictureLimitOptions,
  ],
  examples: ['lookalike label pictures/', 'lookalike label pictures/ --model run/model.onnx -o answers/'],
  stopsItself: true,
  json: false,
  input: z.object({
    images: z.string(),
    model: z.string().optional(),
    output: z.string().min(1, 'must not be empty'),
    port: wholeNumber({ min: 0, max: 65_535 }),
    seed: wholeNumber({ min: 0 }),
    ...engineInput,
    ...pictureLimitInput,
  }),
  async run({ images, model: given, output, port, seed, engine: asked, precision, decode, ...limits }, terminal) {
    const dataset = await loadImages(terminal, images);
    const { WorkerEngine } = await import('../../../engines/worker/worker-engine.ts');
    const { PreparationPool } = await import('../../../pictures/preparation/preparation-pool.ts');
    const { openCatalogue } = await import('../../../catalogue/mirror/open-catalogue.ts');
    const { startService } = await import('../../../service/http/start-service.ts');
    const { TeachingSession } = await import('../../../teaching/session/teaching-session.ts');
    const pictureLimits = givenPictureLimits(limits);
    const threads = availableParallelism();
    await using engine = await WorkerEngine.create({ threads });
    await using preparation = new PreparationPool(threads, pictureLimits);
    const opened = await openModel(given, { engine, preparation, pictureLimits });
    await using embedder = opened.embedder;
    opened.announce(terminal);
    await using session = await TeachingSession.open({
      images: dataset.images,
      model: embedder.model.path,
      folder: output,
      engine,
      embedding: { ...givenEngine({ engine: asked, precision, decode }), threads },
      seed,
      signal: terminal.signal,
    });
    // What the service searches; nothing is indexed there.
    await using catalogue = await openCatalogue(path.join(output, 'store'), { model: embedder });
    const service = await startService({
      catalogue,
      preparation,
      pictureLimits,
      port,
      log: undefined,
      labelling: session,
    });
    try {
      sayWhere(terminal, session, service.url);
      await untilAborted(terminal.signal);
      terminal.note('stopping');
    } finally {
      await service.close();
    }
    return undefined;
  },
});

function sayWhere(terminal: Terminal, session: TeachingSession, url: string): void {
  const { unreadable, answers, images, folder, engineRemark } = session;
  if (engineRemark !== undefined) terminal.note(engineRemark);
  if (unreadable.length > 0) terminal.warn(`${unreadable.length} pictures cannot be read and are not asked about`);
  terminal.note(`${images.size} pictures, ${answers.length} answers in '${folder}'`);
  terminal.note(`label at ${url}/label`);
}
