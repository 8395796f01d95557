import { z } from 'zod';
import type { Comparison } from '../../../catalogue/embedding/compare-images.ts';
import { heatKinds } from '../../../catalogue/explanation/heat-kind.ts';
import type { PartialPictureLimits } from '../../../pictures/decoding/picture-limits.ts';
import type { LookalikeClient } from '../../../service/client/client.ts';
import { defineCommand, type JsonDocument } from '../command.ts';
import { CommandLineError } from '../command-line-error.ts';
import { drawExplanation } from '../draw-explanation.ts';
import { type NamedPicture, namedPictures } from '../input/named-pictures.ts';
import { openModel } from '../input/open-model.ts';
import { modelOption } from '../input/resolve-model.ts';
import { sourceBytes } from '../input/source-bytes.ts';
import { distanceInput, distanceOption } from '../options/distance-option.ts';
import { engineForFew, engineInput, fewPicturesEngineOptions } from '../options/engine-options.ts';
import { checkPage, deliverPage, htmlInput, htmlOptions } from '../options/html-options.ts';
import { oneOf } from '../options/option-values.ts';
import { givenPictureLimits, pictureLimitInput, pictureLimitOptions } from '../options/picture-limit-options.ts';
import { clientOf, serverInput, serverOptions } from '../options/server-options.ts';
import { modelName } from '../output/announce-model.ts';
import type { Terminal } from '../output/terminal.ts';

const heatOptions = [
  {
    flags: '--heatmap <file.png>',
    description:
      'draw what makes them alike (orange) and what does not (blue), and print the share of each path of the network',
  },
  {
    flags: '--heat-by <what>',
    description:
      'by what --heatmap finds it: covering, what covered rectangles take from the likeness, or gradient, the finer and less reliable ' +
      'one (default: covering)',
  },
];

/** `lookalike compare` */
export const compareCommand = defineCommand({
  name: 'compare',
  group: 'Use a model',
  summary: 'print how far apart two images are',
  details:
    'The distance is the one between their embeddings, which have length 1, that the model is made for: Euclidean unless it ' +
    'says otherwise, 0 for the same picture, at most 2. ' +
    'The similarity is the cosine of the angle between them: 1 for the same picture, at least -1. ' +
    'Of a calibrated model it also says what share of pairs at this distance were alike: see calibrate.',
  arguments: [
    { name: 'first', description: 'an image file, or - for standard input' },
    { name: 'second', description: 'another image file' },
  ],
  options: [
    modelOption,
    distanceOption,
    ...heatOptions,
    ...htmlOptions,
    ...fewPicturesEngineOptions,
    ...pictureLimitOptions,
    ...serverOptions,
  ],
  examples: [
    'lookalike compare a.jpg b.jpg',
    'lookalike compare a.jpg b.jpg --model run/model.onnx --json',
    'lookalike compare a.jpg b.jpg --server http://127.0.0.1:8420',
  ],
  input: z.object({
    first: z.string(),
    second: z.string(),
    model: z.string().optional(),
    distance: distanceInput,
    heatmap: z.string().min(1, 'must not be empty').optional(),
    heatBy: oneOf(heatKinds).optional(),
    ...htmlInput,
    ...engineInput,
    ...pictureLimitInput,
    ...serverInput,
  }),
  async run(input, terminal) {
    const { first, second, model: given, distance: by, heatmap, heatBy, html, open, server, token, ...limits } = input;
    if (server !== undefined) {
      const heat = { '--heatmap': heatmap, '--heat-by': heatBy };
      const others = { '--model': given, '--distance': by, ...heat, '--html': html, '--open': open };
      const client = await clientOf(server, token, others, terminal.signal);
      return compareByService(client, server, await namedPictures([first, second]), terminal);
    }
    if (heatBy !== undefined && heatmap === undefined)
      throw new CommandLineError('--heat-by says by what --heatmap draws: give --heatmap <file.png>, too');
    await checkPage(html, open, 2);
    const pictureLimits = givenPictureLimits(limits);
    const [one, other] = await namedPictures([first, second], pictureLimits);
    const { embedder, model, announce } = await openModel(given, { ...engineForFew(input), pictureLimits });
    const { compareImages } = await import('../../../catalogue/embedding/compare-images.ts');
    try {
      const found = await compareImages(embedder, one.source, other.source, by === undefined ? {} : { distance: by });
      const { distance, similarity, alike } = found;
      announce(terminal);
      await sayComparison(terminal, found, embedder.dimension);
      const explained =
        heatmap === undefined
          ? undefined
          : await drawExplanation(terminal, {
              file: heatmap,
              by: heatBy ?? 'covering',
              model: embedder.model.path,
              pictures: [one, other],
              limits: pictureLimits,
            });
      if (html !== undefined) {
        const page = await pageOf(
          { page: html, pictures: [one, other], model: modelName(model), limits: pictureLimits },
          found,
        );
        await deliverPage(terminal, html, page, open);
      }
      return {
        model,
        first,
        second,
        distance,
        by: found.by,
        similarity,
        ...(explained === undefined ? {} : { heatmap: explained }),
        ...(html === undefined ? {} : { html }),
        alike: alike === undefined ? null : { ...alike },
      };
    } finally {
      await embedder.close();
    }
  },
});

/** Says how far apart two pictures are. */
async function sayComparison(
  terminal: Terminal,
  { distance, by, similarity, alike }: Comparison,
  dimension: number,
): Promise<void> {
  const { largestDistance } = await import('../../../ranking/distances/largest-distance.ts');
  const { alikeLine } = await import('../../pages/alike-line.ts');
  const most = Number(largestDistance(by, dimension).toFixed(2));
  terminal.say(`distance    ${distance.toFixed(4)}  (${by}; 0 is the same, ${most} the most)`);
  terminal.say(`similarity  ${similarity.toFixed(4)}  (cosine; 1 is the same, -1 the least)`);
  if (alike !== undefined) terminal.say(alikeLine(alike));
}

/** Lets a service compare two pictures. */
async function compareByService(
  client: LookalikeClient,
  server: string,
  [one, other]: readonly NamedPicture[],
  terminal: Terminal,
): Promise<JsonDocument> {
  const [first, second] = await Promise.all([sourceBytes(one.source), sourceBytes(other.source)]);
  const [about, found] = await Promise.all([client.about(), client.compare(first, second)]);
  const { id, description, dimension } = about.model;
  terminal.note(`model: that of ${server} (${dimension} dimensions, SHA-256 ${id.slice(0, 12)})`);
  await sayComparison(terminal, { ...found, alike: found.alike ?? undefined }, dimension);
  return { server, model: { id, description, dimension }, first: one.name, second: other.name, ...found };
}

/** What a page of two pictures is made of, beside what was found. */
interface ComparedPage {
  /** The file that it goes into. */
  readonly page: string;
  readonly pictures: readonly NamedPicture[];
  /** The model's name. */
  readonly model: string;
  readonly limits: PartialPictureLimits;
}

/** The page of two pictures. */
async function pageOf(
  { page, pictures, model, limits }: ComparedPage,
  { distance, by, similarity, alike }: Comparison,
): Promise<string> {
  const { PictureDecoder } = await import('../../../pictures/decoding/picture-decoder.ts');
  const { pageTile } = await import('../output/catalogue/page-tiles.ts');
  const { comparisonPage } = await import('../../pages/comparison-page.ts');
  const { percent } = await import('../../../foundation/text/percent.ts');
  const decoder = new PictureDecoder(limits);
  const tile = ({ name, source }: NamedPicture, caption: string) => pageTile({ name, source, page, caption, decoder });
  const shares =
    alike === undefined
      ? []
      : [
          {
            name: 'Alike',
            value: percent(alike.balanced),
            detail: 'of pairs at this distance were of one class, had half of all pairs been',
          },
        ];
  return comparisonPage({
    lead: `Compared by the model ${model}.`,
    pictures: [await tile(pictures[0], 'First'), await tile(pictures[1], 'Second')],
    figures: [
      { name: 'Distance', value: distance.toFixed(4), detail: `${by}; 0 is the same` },
      { name: 'Similarity', value: similarity.toFixed(4), detail: 'cosine; 1 is the same' },
      ...shares,
    ],
  });
}
