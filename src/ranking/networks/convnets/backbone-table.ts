import { definitionByName } from '../../../foundation/arguments/definition-by-name.ts';
import { TrainingError } from '../../../foundation/errors/training-error.ts';
import { alexnet, alexnetTv } from './alexnet.ts';
import type { BackboneDefinition } from './define-backbone.ts';
import { efficientnetLite0 } from './efficientnet-lite.ts';
import { mobilenetV3Large, mobilenetV3Small } from './mobilenet-v3.ts';
import { resnet18, resnet50 } from './resnet.ts';
import { small } from './small.ts';
import { vgg16, vgg16Bn } from './vgg16.ts';

/** Every backbone that is defined here, in the order in which help and messages name them. */
const backbones = [
  small,
  vgg16,
  vgg16Bn,
  alexnet,
  alexnetTv,
  resnet18,
  resnet50,
  efficientnetLite0,
  mobilenetV3Large,
  mobilenetV3Small,
] as const;

/** The name of a backbone that is defined here. */
export type BackboneName = (typeof backbones)[number]['name'];
/** Their names, in the order in which help and messages give them. */
export const backboneNames: readonly BackboneName[] = backbones.map(({ name }) => name);

/** Backbones by name. */
export interface BackboneTable {
  readonly all: readonly BackboneDefinition[];
  /** Undefined if the table has none of this name: `onnx` is a file's. */
  find(name: string): BackboneDefinition | undefined;
  /** @throws UsageError if the table has none of this name; TrainingError of `onnx`, which a file has to come with. */
  of(name: string): BackboneDefinition;
}

/** A table of backbones. */
export function backboneTableOf(all: readonly BackboneDefinition[]): BackboneTable {
  const byName = definitionByName(all, 'backbone', 'network.backbone');
  const find = (wanted: string) => all.find(({ name }) => name === wanted);
  return {
    all,
    find,
    of(name) {
      if (name === 'onnx' && find(name) === undefined) {
        throw new TrainingError(
          "the network's backbone is in an ONNX file, which has to be given with its configuration",
        );
      }
      return byName(name);
    },
  };
}

/** Every backbone that there is; all that is said and done by a backbone's name goes by it. */
export const backboneTable = backboneTableOf(backbones);

/** Pictures that a model file takes at once where its backbone is an ONNX file's. */
const filesEmbeddingBatch = 16;

/** How many pictures a model file of this network takes at once; the file says so, and readers keep to it. */
export function embeddingBatch({ backbone }: { readonly backbone: string }): number {
  return backboneTable.find(backbone)?.embeddingBatch ?? filesEmbeddingBatch;
}
