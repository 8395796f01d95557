import { ModelError } from '../../foundation/errors/model-error.ts';
import { fileError } from '../../foundation/files/file-error.ts';
import { jsonIssue } from '../../foundation/files/json-issue.ts';
import { readOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import { ownPropertyPrefix } from '../../foundation/own-property.ts';
import { decodeModel } from '../../graph/onnx/decode-model.ts';
import { readTensor } from '../../graph/onnx/read-tensor.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';
import { type NetworkConfig, networkConfigSchema } from '../../ranking/networks/network-config.ts';
import { learntTensors } from './learnt-tensors.ts';
import type { PixelRule } from './pixel-rule.ts';
import type { WeightRules } from './weight-rule.ts';

/** A model file of ours whose network is defined here, so that its weights have our names. */
export interface OwnModel {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly network: NetworkConfig;
}

/**
 * Reads the weights of a model file of ours, the `model.onnx` of a run, by the names that they were learnt under.
 *
 * @throws if the file cannot be read, is no model of ours, is quantised, or has an ONNX network as its backbone, naming it and what
 * to do.
 */
export async function readOwnModel(file: string): Promise<OwnModel> {
  const bytes = await readOrdinaryFile(file).catch((error: unknown) => {
    throw fileError('read', file, error);
  });
  try {
    const { metadataProps, graph } = decodeModel(bytes);
    const properties = new Map(metadataProps.map(({ key, value }) => [key, value]));
    const network = networkOf(properties);
    const learnt = new Set(learntTensors(network).map(({ name }) => name));
    const kept = (graph?.initializer ?? []).filter(({ name }) => learnt.has(name));
    return { network, tensors: new Map(kept.map((proto) => [proto.name, readTensor(proto, `'${proto.name}'`)])) };
  } catch (error) {
    throw new ModelError(`cannot start from '${file}': ${(error as Error).message}`, { cause: error });
  }
}

function networkOf(properties: ReadonlyMap<string, string>): NetworkConfig {
  const text = properties.get(`${ownPropertyPrefix}network`);
  if (text === undefined) {
    throw new ModelError(
      'it is no model file of ours; an ONNX file of any network is a backbone: use choices.trunk, and leave choices.weights out',
    );
  }
  if (properties.has(`${ownPropertyPrefix}quantization`)) {
    throw new ModelError('it is quantised: give the model that it was made of');
  }
  const value: unknown = JSON.parse(text);
  const parsed = networkConfigSchema.safeParse(value);
  if (!parsed.success)
    throw new ModelError(
      `its property ${ownPropertyPrefix}network is damaged: ${jsonIssue(value, parsed.error.issues[0])}`,
    );
  if (parsed.data.backbone === 'onnx') {
    throw new ModelError(
      'its network is a pretrained one with a head, which is a backbone as it is: use choices.trunk, and leave choices.weights out',
    );
  }
  return parsed.data;
}

/** Our own names; convolutions and their normalisations are required, layers that the pictures' size decides are not. */
export const ownRules: WeightRules = {
  convention: 'the names of a model of ours',
  ruleOf: (name) => ({ from: [name], required: name.startsWith('backbone.') && !name.includes('dense') }),
};

/** How pixels enter the model. */
export function ownPixels({ pixelMean, pixelDeviation, grey }: NetworkConfig): PixelRule {
  return { pixelMean, pixelDeviation, grey, text: 'the mean and deviation that the model was trained with' };
}
