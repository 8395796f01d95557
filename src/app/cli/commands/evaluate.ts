import { z } from 'zod';
import { defineCommand, inGroup } from '../command.ts';
import { CommandLineError } from '../command-line-error.ts';
import { openModel } from '../input/open-model.ts';
import type { UntrainedChoices } from '../input/open-untrained.ts';
import { modelOption } from '../input/resolve-model.ts';
import { definedOnly } from '../options/defined-only.ts';
import { distanceInput, distanceOption } from '../options/distance-option.ts';
import { engineInput, engineOptions, givenEngine } from '../options/engine-options.ts';
import { oneOf, wholeNumber } from '../options/option-values.ts';
import { backboneChoices, backboneInput, backboneOptions } from '../options/training/backbone-options.ts';

const numberList = z
  .string()
  .regex(/^\d+(,\d+)*$/, 'must be whole numbers with commas between them')
  .transform((text) => text.split(',').map(Number))
  .refine((numbers) => numbers.every((k) => k >= 1 && k <= 10_000), 'must be whole numbers from 1 to 10000');

const { freeze: _freeze, featureCache: _featureCache, ...untouchedInput } = backboneInput;

/** `lookalike evaluate` */
export const evaluateCommand = defineCommand({
  name: 'evaluate',
  group: 'Judge and improve',
  summary: 'measure how well a model tells what looks alike',
  details:
    'With labelled images, every image is a query, all others are the gallery, and those of its class are relevant. ' +
    'With a CSV of triplets (query, positive, negative), it is the share of triplets that the model ranks as the file does, ' +
    'and the score-at-top-K. With --triplets besides labelled images, all of them are the gallery, and triplets whose ' +
    "negative is of the query's category are told apart from the others. " +
    'With --against both models, A and B, get the same queries, and the difference its own interval; with --baselines, too, ' +
    'what learnt nothing from the pictures stands beside them: raw pixels, HOG, the model that the package carries, and the ' +
    'untouched features of an ONNX network: that of the run in whose folder the model lies, or the one that --backbone names. ' +
    'Intervals are from a bootstrap over whole classes; of listed triplets over the queries.',
  arguments: [
    { name: 'images', description: 'a folder of class folders, a CSV with labels or with triplets, or IDX files' },
  ],
  options: [
    ...inGroup('Models and measures', [
      modelOption,
      { flags: '--against <file>', description: 'another model: measure the difference between the two' },
      {
        flags: '--baselines',
        description: 'judge beside the model what needs no training: raw pixels, HOG, the packaged model, a backbone',
      },
      distanceOption,
      {
        flags: '--binary',
        description: 'judge the signs of the embeddings, too: a bit an element, by Hamming distance',
      },
      { flags: '--at <ks>', description: 'the K of Recall@K and precision@K', default: '1,5,10' },
      { flags: '--seed <n>', description: 'decides the random triplets and the bootstrap', default: '0' },
    ]),
    ...inGroup('Machine', engineOptions),
    ...inGroup('Backbone', [
      {
        flags: '--backbone <network>',
        description:
          "with --baselines: an ONNX file, or what lookalike backbones names, whose untouched features are judged (default: the backbone of the model's run)",
      },
      ...backboneOptions.filter(({ flags }) => !/^--(freeze|feature-cache) /.test(flags)),
    ]),
    ...inGroup('Which images', [
      {
        flags: '--classes <which>',
        description: 'all, or one half of the classes, split by the SHA-1 of their names: train (the first) or test',
        default: 'all',
      },
      {
        flags: '--leak-proof',
        description: 'with --classes: classes that share a picture, or nearly the same one, go to one half',
      },
    ]),
    ...inGroup('Triplets', [
      { flags: '--triplets <file>', description: 'judge by the triplets of this CSV, over all of the images' },
      {
        flags: '--category-levels <n>',
        description: "with --triplets: parts of a class's path that are its category",
        default: '1',
      },
      { flags: '--score-at <k>', description: 'with triplets: the K of the score-at-top-K', default: '30' },
    ]),
  ],
  examples: [
    'lookalike evaluate pictures/ --model run/model.onnx --baselines',
    'lookalike evaluate pictures/ --baselines --backbone resnet18.onnx --cut layer4_out',
    'lookalike evaluate pictures/ --model run/model.onnx --against other.onnx',
    'lookalike evaluate pictures/ --model run/model.onnx --binary',
    'lookalike evaluate triplets.csv --model run/model.onnx --json',
  ],
  input: z.object({
    images: z.string(),
    model: z.string().optional(),
    against: z.string().optional(),
    baselines: z.boolean().default(false),
    backbone: z.string().min(1).optional(),
    ...untouchedInput,
    ...engineInput,
    distance: distanceInput,
    binary: z.boolean().default(false),
    triplets: z.string().optional(),
    categoryLevels: wholeNumber({ min: 1, max: 100 }),
    scoreAt: wholeNumber({ min: 1, max: 1_000_000 }),
    classes: oneOf(['all', 'train', 'test']),
    leakProof: z.boolean().default(false),
    at: numberList,
    seed: wholeNumber(),
  }),
  async run({ images, model: given, against, triplets, classes, leakProof, distance, at, ...others }, terminal) {
    const {
      baselines,
      binary,
      scoreAt,
      categoryLevels,
      seed,
      engine: asked,
      precision,
      decode,
      ...ofBackbone
    } = others;
    const chosenEngine = givenEngine({ engine: asked, precision, decode });
    const rest = { binary, scoreAt, categoryLevels, seed };
    const { isTripletFile } = await import('../../../ranking/triplets/is-triplet-file.ts');
    const listed = triplets ?? ((await isTripletFile(images)) ? images : undefined);
    refuseChoices({ listed, against, classes, leakProof, baselines, binary, ofBackbone });
    const { OnnxruntimeEngine } = await import('../../../engines/onnxruntime/onnxruntime-engine.ts');
    const { openUntrained } = await import('../input/open-untrained.ts');
    const { evaluateByTriplets } = await import('../evaluate-by-triplets.ts');
    const { evaluateByClasses } = await import('../evaluate-by-classes.ts');
    const { selectHalf } = await import('../options/select-half.ts');
    const selected = listed === images ? undefined : await selectHalf(images, classes, leakProof, terminal);
    const engine = await OnnxruntimeEngine.create();
    const first = await openModel(given, chosenEngine);
    try {
      const second = against === undefined ? undefined : await openModel(against, chosenEngine);
      try {
        const judged = { first, second, engine, terminal, ...definedOnly({ distance }), ...rest };
        if (selected === undefined) return await evaluateByTriplets({ ...judged, file: images });
        const { dataset, moved } = selected;
        const chosen = { images, classes, ...(moved === undefined ? {} : { moved }) };
        if (listed !== undefined) return await evaluateByTriplets({ ...judged, file: listed, dataset, chosen });
        const untrained = baselines ? await openUntrained(ofBackbone, first, engine, terminal) : undefined;
        try {
          return await evaluateByClasses({ ...judged, dataset, ks: at, chosen, untrained });
        } finally {
          await untrained?.packaged?.close();
        }
      } finally {
        await second?.embedder.close();
      }
    } finally {
      await first.embedder.close();
      await engine.close();
    }
  },
});

interface Choices {
  readonly listed: string | undefined;
  readonly against: string | undefined;
  readonly classes: string;
  readonly leakProof: boolean;
  readonly baselines: boolean;
  readonly binary: boolean;
  readonly ofBackbone: UntrainedChoices;
}

/** @throws CommandLineError if two choices do not go together. */
function refuseChoices({ listed, against, classes, leakProof, baselines, binary, ofBackbone }: Choices): void {
  const { backbone, offline, ...ofFile } = ofBackbone;
  if (backbone !== undefined && !baselines) {
    throw new CommandLineError('--backbone names what --baselines judges beside the model: give --baselines, too');
  }
  if (backbone === undefined) backboneChoices(ofFile);
  if (leakProof && classes === 'all') {
    throw new CommandLineError(
      '--leak-proof divides the classes in two halves: give --classes train or --classes test',
    );
  }
  const aside = baselines ? '--baselines' : binary ? '--binary' : undefined;
  if (aside === undefined) return;
  if (listed !== undefined) throw new CommandLineError(`${aside} was given, but it judges by classes, not by triplets`);
  if (against !== undefined && binary) {
    throw new CommandLineError('--binary and --against both say what to compare the model with: give one of them');
  }
}
