import { GraphError } from '../../../foundation/errors/graph-error.ts';
import { elementTypeCodes } from '../../onnx/element-type-code.ts';
import { encodeAttribute } from '../../onnx/encode-attribute.ts';
import { intOf, intsOf, stringOf, tensorOf } from '../../onnx/read-attribute.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { floatsToInput, floatToInput, intsToInput, intToInput } from './attribute-to-input.ts';
import { explicitPads, explicitTransposedPads } from './explicit-pads.ts';
import { flattenedSoftmax } from './flattened-softmax.ts';
import {
  dataInput,
  type ForeignNode,
  OutsideSetError,
  type Rewrite,
  type UpgradeContext,
  withAttributes,
  withoutAttributes,
} from './foreign-node.ts';
import { gelu } from './gelu.ts';
import { rootOfSquares, summedSizes, summedSquares } from './reduced-norm.ts';
import { asymmetricResize, plainResize } from './resized.ts';

/** One difference between the operator sets that are accepted and the one that we build. */
export interface Upgrade {
  /** Files of this operator set and later say it our way already. Left out where every file may need the rewrite. */
  readonly before?: number;
  readonly rewrite: Rewrite;
}

const axesToInput = (before: number): Upgrade => ({ before, rewrite: intsToInput('axes', 1) });
const axesOfReductionToInput = [axesToInput(18)];

/**
 * How a node of opset 7 to 28 is said in our opset, operator by operator, applied in this order. An operator that is not
 * here means the same in all of them, as far as our set has it.
 *
 * Source: the history of each operator at https://onnx.ai/onnx/operators.
 */
export const upgradeTable: Readonly<Record<string, readonly Upgrade[]>> = {
  AveragePool: [{ rewrite: neutralInts('dilations', 1n) }, { rewrite: explicitPads }],
  BatchNormalization: [
    { before: 9, rewrite: overChannels },
    { before: 14, rewrite: trainingByOutputs },
  ],
  CastLike: [{ rewrite: castAsSecond }],
  Clip: [
    { before: 11, rewrite: floatToInput('min', 1) },
    { before: 11, rewrite: floatToInput('max', 2) },
  ],
  ConstantOfShape: [{ rewrite: filledWithOtherType }],
  Conv: [{ rewrite: explicitPads }],
  ConvTranspose: [{ rewrite: explicitTransposedPads }],
  Dropout: [
    { before: 10, rewrite: maskOfOtherType },
    { before: 12, rewrite: floatToInput('ratio', 1) },
  ],
  Gelu: [{ rewrite: gelu }],
  GridSample: [{ before: 20, rewrite: shorterMode }],
  LogSoftmax: [{ before: 13, rewrite: flattenedSoftmax }],
  MaxPool: [{ rewrite: explicitPads }],
  Pad: [
    { before: 11, rewrite: intsToInput('pads', 1) },
    { before: 11, rewrite: floatToInput('value', 2) },
    { rewrite: withoutWrapping },
  ],
  ReduceL1: [axesToInput(18), { rewrite: summedSizes }],
  ReduceL2: [axesToInput(18), { rewrite: rootOfSquares }],
  ReduceLogSumExp: axesOfReductionToInput,
  ReduceMax: axesOfReductionToInput,
  ReduceMean: axesOfReductionToInput,
  ReduceMin: axesOfReductionToInput,
  ReduceSum: [axesToInput(13)],
  ReduceSumSquare: [axesToInput(18), { rewrite: summedSquares }],
  Resize: [{ before: 11, rewrite: asymmetricResize }, { rewrite: plainResize }],
  Scatter: [{ rewrite: (node) => ({ ...node, op: 'ScatterElements' }) }],
  Slice: [
    { before: 10, rewrite: intsToInput('starts', 1) },
    { before: 10, rewrite: intsToInput('ends', 2) },
    { before: 10, rewrite: intsToInput('axes', 3) },
  ],
  Softmax: [{ before: 13, rewrite: flattenedSoftmax }],
  Split: [{ before: 13, rewrite: intsToInput('split', 1) }, { rewrite: countedPieces }],
  Squeeze: [axesToInput(13)],
  TopK: [{ before: 10, rewrite: intToInput('k', 1) }],
  Unsqueeze: [axesToInput(13)],
  Upsample: [{ before: 9, rewrite: floatsToInput('scales', 1) }, { rewrite: asymmetricResize }],
};

/** CastLike is what functions use that are written for any type: here the types are known. */
function castAsSecond(node: ForeignNode): ForeignNode {
  const [data, like] = node.inputs;
  if (like === undefined) throw new GraphError(`${node.what} lacks its second input`);
  const to = encodeAttribute('to', { kind: 'int', value: elementTypeCodes[like.type] });
  return withAttributes({ ...withoutAttributes(node, 'saturate', 'round_mode'), op: 'Cast', inputs: [data] }, to);
}

/** Until opset 9 statistics could be those of every place instead of every channel. */
function overChannels(node: ForeignNode): ForeignNode {
  const attribute = node.attributes.get('spatial');
  if (attribute !== undefined && intOf(attribute, node.what) !== 1n) {
    throw new OutsideSetError("its attribute 'spatial' is 0: mean and variance are those of every place");
  }
  return withoutAttributes(node, 'spatial');
}

/** Before opset 14 a node is in training if it has more than one output; the fourth and fifth are gone since. */
function trainingByOutputs(node: ForeignNode, context: UpgradeContext): ForeignNode {
  if (node.outputs.slice(3).some((name) => context.isUsed(name))) {
    throw new OutsideSetError('its saved_mean or saved_var is read');
  }
  if (node.outputs.length === 1) return node;
  const training = encodeAttribute('training_mode', { kind: 'int', value: 1 });
  return withAttributes({ ...node, outputs: node.outputs.slice(0, 3) }, training);
}

/** Opset 9's mask is of the data's type, not bool. */
function maskOfOtherType(node: ForeignNode, context: UpgradeContext): ForeignNode {
  if (node.outputs.slice(1).some((name) => context.isUsed(name))) {
    throw new OutsideSetError('its mask is numbers, as in operator sets before 10');
  }
  return { ...node, outputs: node.outputs.slice(0, 1) };
}

/** Our ConstantOfShape fills with float32; any other filling is a scalar, expanded. */
function filledWithOtherType(node: ForeignNode, { graph }: UpgradeContext): ForeignNode {
  const attribute = node.attributes.get('value');
  if (attribute === undefined) return node;
  const { type, data } = tensorOf(attribute, node.what);
  if (data.length !== 1) throw new GraphError(`${node.what} fills with ${data.length} values, expected one`);
  if (type === 'float32') return node;
  const scalar = graph.constant(tensor(type, [], data) as Tensor, `${node.name}.value`);
  return { ...withoutAttributes(node, 'value'), op: 'Expand', inputs: [scalar, dataInput(node)] };
}

/** GridSample's linear and cubic interpolation were called bilinear and bicubic until opset 20. */
function shorterMode(node: ForeignNode): ForeignNode {
  const attribute = node.attributes.get('mode');
  if (attribute === undefined) return node;
  const value = stringOf(attribute, node.what).replace(/^bi/, '');
  return withAttributes(node, encodeAttribute('mode', { kind: 'string', value }));
}

/** From opset 18 on, a Split into equal pieces says how many. */
function countedPieces(node: ForeignNode): ForeignNode {
  if (node.inputs[1] !== undefined || node.attributes.has('num_outputs')) return node;
  return withAttributes(node, encodeAttribute('num_outputs', { kind: 'int', value: node.outputs.length }));
}

/** Opset 19 brought a mode that ours does not have. */
function withoutWrapping(node: ForeignNode): ForeignNode {
  const mode = node.attributes.get('mode');
  if (mode !== undefined && stringOf(mode, node.what) === 'wrap') throw new OutsideSetError("its mode is 'wrap'");
  return node;
}

/** An attribute that our set does not have goes if it says what happens without it anyway. */
function neutralInts(name: string, neutral: bigint): Rewrite {
  return (node) => {
    const attribute = node.attributes.get(name);
    if (attribute !== undefined && intsOf(attribute, node.what).some((value) => value !== neutral)) {
      throw new OutsideSetError(`its attribute '${name}' is not all ${neutral}`);
    }
    return withoutAttributes(node, name);
  };
}
