import { z } from 'zod';
import { networkConfigSchema } from '../../../ranking/networks/network-config.ts';
import type { TrunkChoices } from '../trunk-choices.ts';
import { trunkChoicesSchema } from '../trunk-choices-schema.ts';
import { defineSetting } from './define-setting.ts';

const { backbone, paths, embeddingDimension, dropout } = networkConfigSchema.shape;
type Origin = NonNullable<TrunkChoices['origin']>;

/** What the network is, and what it starts from. */
export const networkSettings = {
  /** Default: the preset's. */
  backbone: defineSetting({ schema: backbone, startedWith: ({ network }) => network.backbone }),
  /** An ONNX file as the backbone, instead of one by name. */
  trunk: defineSetting({
    schema: trunkChoicesSchema,
    auto: true,
    startedWith: ({ network: { trunk } }, given) =>
      trunk === undefined
        ? 'none'
        : {
            ...given,
            ...(given.cut === undefined ? {} : { cut: trunk.cut }),
            ...(given.origin === undefined ? {} : { origin: originLike(trunk, given.origin) }),
          },
  }),
  /** A safetensors, Keras HDF5 or model file to start from; see docs/weights.md. Default: `none`, weights are drawn. */
  weights: defineSetting({
    schema: z.string().min(1),
    startedWith: ({ weights }, given, absolute) =>
      weights?.file === absolute(given) ? given : (weights?.file ?? 'none'),
  }),
  /** Epochs of softmax pre-training of the ConvNet on the classes before the ranking. Default: none. */
  pretrainEpochs: defineSetting({
    schema: z.number().positive().max(1_000_000),
    option: {
      group: 'Network',
      value: 'n',
      help: 'first train the ConvNet as a classifier of the classes for so many epochs, as the paper does',
    },
    startedWith: ({ pretraining }) => pretraining?.epochs ?? 'none',
  }),
  /** The two low-resolution paths: `subsampled` as the paper has them, `strided` as the article, or none. */
  paths: defineSetting({
    schema: paths,
    byPreset: ({ network }) => network.paths,
    option: {
      group: 'Network',
      value: 'kind',
      help: "low-resolution paths: subsampled (the paper's), strided (the article's), none",
    },
    startedWith: ({ network }) => network.paths,
  }),
  /** Length of the embedding. Default: the preset's. */
  embeddingDimension: defineSetting({
    schema: embeddingDimension,
    auto: true,
    byPreset: ({ network }) => network.embeddingDimension,
    option: {
      group: 'Network',
      name: 'dimension',
      value: 'n',
      elsewhere: ['dim', 'embedding-dim', 'embedding-size', 'embed-dim'],
      help: 'length of the embedding',
    },
    startedWith: ({ network }) => network.embeddingDimension,
  }),
  /** A second part of the embedding from histograms of oriented gradients. Default: the preset's. */
  hog: defineSetting({
    schema: z.boolean(),
    option: {
      group: 'Network',
      help: 'a second part of the embedding, of histograms of oriented gradients: for pictures that are alike by shape (contour has it)',
    },
    startedWith: ({ network }) => network.hog ?? false,
  }),
  /** Share of elements dropped behind dense layers. Default: the preset's. */
  dropout: defineSetting({
    schema: dropout,
    byPreset: ({ network }) => network.dropout,
    option: { group: 'Network', value: 'share', help: 'share of elements dropped behind dense layers' },
    startedWith: ({ network }) => network.dropout,
  }),
  /** Batch normalisation behind every convolution of the backbone. Default: the preset's. */
  batchNormalization: defineSetting({
    schema: z.boolean(),
    option: { group: 'Network', flag: false, help: 'biases instead (small, contour)' },
    startedWith: ({ network }) => network.batchNormalization,
  }),
};

/** Where the trunk is from; a branch or a tag may have been its commit. */
function originLike({ origin }: Pick<TrunkChoices, 'origin'>, given: Origin): Origin | 'a file' {
  if (origin === undefined) return 'a file';
  return /^[0-9a-f]{40}$/.test(given.revision) ? origin : { ...origin, revision: given.revision };
}
