import { createHash } from 'node:crypto';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { ordinaryFilePieces } from '../../foundation/files/ordinary-file.ts';
import { alternatives } from '../../foundation/text/alternatives.ts';
import type { TensorOf } from '../../graph/tensor/tensor.ts';
import type { NetworkConfig } from '../../ranking/networks/network-config.ts';
import { type AssignedWeights, assignWeights } from './assign-weights.ts';
import { type ImportableBackbone, importableBackbone, importableBackbones } from './importable-backbones.ts';
import { kerasRules } from './keras-rules.ts';
import { learntTensors } from './learnt-tensors.ts';
import { ownPixels, ownRules, readOwnModel } from './own-model.ts';
import { imagenetPixels, type PixelRule } from './pixel-rule.ts';
import { torchPrefix } from './torch-prefix.ts';
import { torchRules } from './torch-rules.ts';
import { readWeightFile, type WeightFile } from './weight-file.ts';
import type { WeightRules } from './weight-rule.ts';

/** Weights from a file, ready for a network. */
export interface LoadedWeights extends AssignedWeights {
  readonly file: string;
  readonly format: WeightFile['format'] | 'model';
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  /** Whose names the file has, in words. */
  readonly convention: string;
  /** How pixels have to enter the network. */
  readonly pixels: PixelRule;
  readonly weights: ReadonlyMap<string, TensorOf<'float32'>>;
}

/**
 * Reads weights for a network from a safetensors file (names of torchvision or timm), a Keras HDF5 file, or a model file of ours,
 * which ends in `.onnx`.
 *
 * @throws if the backbone takes none, the file cannot be read, or its convolutional part is not this network's; in one line
 * that names the file, the tensor and the next step.
 */
export async function loadWeights(file: string, config: NetworkConfig): Promise<LoadedWeights> {
  if (file.toLowerCase().endsWith('.onnx')) return weightsOfModel(file, config);
  const backbone = importableBackbone(config.backbone);
  const read = await readWeightFile(file);
  const sha256 = await fileHash(file);
  try {
    const { pixels, ...rules } = rulesOf(read, backbone, config);
    const assigned = assignWeights(read, rules, learntTensors(config), hintFor(read, backbone, config));
    return { file, format: read.format, sha256, convention: rules.convention, pixels, ...assigned };
  } catch (error) {
    throw new ModelError(`cannot load '${file}' into the backbone ${backbone.name}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function weightsOfModel(file: string, config: NetworkConfig): Promise<LoadedWeights> {
  const { tensors, network } = await readOwnModel(file);
  const sha256 = await fileHash(file);
  const pixels = ownPixels(network);
  try {
    if (network.backbone !== config.backbone) {
      throw new ModelError(`it is of the backbone ${network.backbone}: use choices.backbone: '${network.backbone}'`);
    }
    const learnt = learntTensors({ ...config, grey: network.grey });
    const hint = 'it was trained with other choices of its network; choose the same';
    const assigned = assignWeights({ tensors, unread: new Map() }, ownRules, learnt, hint);
    return { file, format: 'model', sha256, convention: ownRules.convention, pixels, ...assigned };
  } catch (error) {
    throw new ModelError(`cannot load '${file}' into the backbone ${config.backbone}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function rulesOf(
  { format, tensors, unread }: WeightFile,
  backbone: ImportableBackbone,
  config: NetworkConfig,
): WeightRules & { readonly pixels: PixelRule } {
  if (format === 'safetensors') {
    const names = new Set([...tensors.keys(), ...unread.keys()]);
    return {
      ...torchRules(backbone.weights, torchPrefix(names, requiredNames(backbone, config))),
      pixels: imagenetPixels,
    };
  }
  if (backbone.weights.keras !== true) {
    const able = importableBackbones.flatMap(({ name, weights }) => (weights.keras === true ? [name] : []));
    throw new ModelError(
      `of Keras files only those of VGG16 are known: use choices.backbone: ${alternatives(able.map((name) => `'${name}'`))}, or a safetensors file`,
    );
  }
  return kerasRules([...tensors.keys(), ...unread.keys()], config);
}

/** What to do where a tensor is missing or of another shape: the backbone that the names in the file are of, if any is. */
function hintFor({ format, tensors }: WeightFile, backbone: ImportableBackbone, config: NetworkConfig): string {
  const names = [...tensors.keys()].filter((name) => !name.endsWith('num_batches_tracked'));
  const few = names.slice(0, 5).join(', ');
  const holds = names.length === 0 ? 'it holds no tensor' : `it holds ${few}${names.length > 5 ? ', …' : ''}`;
  if (format === 'safetensors') {
    const other = fittingBackbone(tensors, config);
    if (other !== undefined && other.name !== backbone.name)
      return `these are names of choices.backbone: '${other.name}'`;
  }
  return `${holds}; name the choices.backbone that it is for, or another file`;
}

/** The backbone of which the file has all required names, behind a prefix or none; of several the one with most. */
function fittingBackbone(tensors: WeightFile['tensors'], config: NetworkConfig): ImportableBackbone | undefined {
  let best: { readonly backbone: ImportableBackbone; readonly count: number } | undefined;
  const names = new Set(tensors.keys());
  for (const backbone of importableBackbones) {
    const required = requiredNames(backbone, config);
    const prefix = torchPrefix(names, required);
    if (!required.every((from) => from.some((name) => names.has(`${prefix}${name}`)))) continue;
    if (best === undefined || required.length > best.count) best = { backbone, count: required.length };
  }
  return best?.backbone;
}

/** The names that torchvision and timm have for each tensor that a backbone cannot do without. */
function requiredNames(backbone: ImportableBackbone, config: NetworkConfig): (readonly string[])[] {
  const { ruleOf } = torchRules(backbone.weights);
  const side = { width: 224, height: 224 };
  return learntTensors({ ...config, ...side, backbone: backbone.name, paths: 'none' }).flatMap(({ name }) => {
    const rule = ruleOf(name);
    return rule?.required ? [rule.from] : [];
  });
}

/** SHA-256 of a file, hexadecimal. */
export async function fileHash(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of ordinaryFilePieces(file)) hash.update(piece);
  return hash.digest('hex');
}
