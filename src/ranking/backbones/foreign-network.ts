import { ModelError } from '../../foundation/errors/model-error.ts';
import type { Graph, Value } from '../../graph/builder/graph.ts';
import { importReadable, type UnreadNode } from '../../graph/import/import-model.ts';
import { decodeModel } from '../../graph/onnx/decode-model.ts';
import type { GraphProto } from '../../graph/onnx/onnx_pb.ts';
import { readValueInfo } from '../../graph/onnx/value-info.ts';
import type { ElementType } from '../../graph/tensor/element-type.ts';
import { type Dimension, formatShape, type Shape } from '../../graph/tensor/shape.ts';
import type { TrunkConfig } from '../networks/trunk-config.ts';
import { convolvedLayout } from './convolved-layout.ts';

/** Pixels of the pictures that a network is looked at with. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Somebody else's network from an ONNX file: pictures in, anything out. */
export interface ForeignNetwork extends PictureSize {
  readonly graph: Graph;
  /** Nodes of the file that cannot be read, and so cannot lie before a cut. */
  readonly unread: readonly UnreadNode[];
  /** The input that takes pictures. */
  readonly image: Value;
  readonly layout: TrunkConfig['layout'];
  /** How many pictures the file was exported for, if its batch axis had to be opened. */
  readonly exportedRows: number | undefined;
}

/** What an ONNX file leaves open about its pictures. */
export interface ForeignNetworkOptions {
  /** Pixels a side, where the file leaves them open. Default: the usual ones. */
  readonly size?: number | PictureSize;
  /** Pixels a side where neither the file nor `size` says them. Default: 224. */
  readonly usualSize?: number;
  /** Order of the input's axes. Default: the one in which the channels are three, by the input or by the first convolution. */
  readonly layout?: TrunkConfig['layout'];
  /** Leaves a batch axis that the file has a number for as it is. Default: false, it is opened. */
  readonly keepBatch?: boolean;
}

/** The usual size of classifiers' pictures. */
const classifierSize = 224;

/**
 * Reads an ONNX file as a network that takes pictures: one input of four axes, of which three channels, float32 or uint8.
 * Height and width are the file's own, or, where it leaves them open, `size`; channels that it leaves open are three, on the axis
 * that `layout` or the file's first convolution says. Nodes that cannot be read are left out.
 * A batch axis for which the file has a number is opened; see `BatchAxis`.
 *
 * @throws as `importReadable` does; if no input takes pictures, or several do; if it is not clear which axis holds the channels;
 * or if the file has another size than asked for.
 */
export function openForeignNetwork(bytes: Uint8Array, options: ForeignNetworkOptions = {}): ForeignNetwork {
  const model = decodeModel(bytes);
  const { name, type, shape } = imageInput(model.graph);
  const layout = layoutOf(name, shape, options.layout ?? openLayout(model.graph, name, shape));
  const [channelAxis, heightAxis, widthAxis] = layout === 'nchw' ? [1, 2, 3] : [3, 1, 2];
  const asked = typeof options.size === 'number' ? { width: options.size, height: options.size } : options.size;
  const channels = shape[channelAxis];
  const lengths: Record<string, number> = typeof channels === 'string' ? { [channels]: 3 } : {};
  const lengthOf = (axis: number, wanted: number | undefined): number => {
    const length = shape[axis];
    if (typeof length === 'number') {
      if (wanted === undefined || wanted === length) return length;
      throw new ModelError(
        `the model's input '${name}' takes pictures of ${shape[widthAxis]} x ${shape[heightAxis]} alone, not of ${asked?.width} x ${asked?.height}: use that size, or export it with open height and width`,
      );
    }
    const chosen = wanted ?? options.usualSize ?? classifierSize;
    if ((lengths[length] ?? chosen) !== chosen) {
      throw new ModelError(
        `the model's input '${name}' takes square pictures alone: its height and width are both '${length}'`,
      );
    }
    lengths[length] = chosen;
    return chosen;
  };
  const height = lengthOf(heightAxis, asked?.height);
  const width = lengthOf(widthAxis, asked?.width);
  const [rows] = shape;
  const exportedRows = typeof rows === 'number' && options.keepBatch !== true ? rows : undefined;
  const openBatch = exportedRows === undefined ? undefined : { input: name, rows: exportedRows, name: 'N' };
  const { graph, unread } = importReadable(model, { lengths, openBatch });
  const image = graph.inputs.find((input) => input.name === name)!;
  if (type !== 'float32' && type !== 'uint8') {
    throw new ModelError(`the model's input '${name}' is ${type}, but pictures are fed as float32 or uint8`);
  }
  return { graph, unread, image, layout, height, width, exportedRows };
}

interface DescribedInput {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

/** The one input of the file with four axes. */
function imageInput(file: GraphProto): DescribedInput {
  const weights = new Set(file.initializer.map(({ name }) => name));
  const inputs: DescribedInput[] = file.input
    .filter(({ name }) => !weights.has(name))
    .map((info) => ({ name: info.name, ...readValueInfo(info) }));
  const pictures = inputs.filter(({ shape }) => shape.length === 4);
  if (pictures.length === 1) return pictures[0];
  const found = inputs.map(({ name, type, shape }) => `'${name}' ${type}${formatShape(shape)}`).join(', ');
  throw new ModelError(
    `a backbone has one input of four axes that takes pictures; this model has ${pictures.length} of them (its inputs: ${found || 'none'})`,
  );
}

/** The order of axes that a file's own convolution shows where no axis is known to be three channels. */
function openLayout(graph: GraphProto, name: string, shape: Shape): TrunkConfig['layout'] | undefined {
  return shape[1] === 3 || shape[3] === 3 ? undefined : convolvedLayout(graph, name);
}

function layoutOf(name: string, shape: Shape, asked: TrunkConfig['layout'] | undefined): TrunkConfig['layout'] {
  const axisOf = { nchw: 1, nhwc: 3 } as const;
  const fits = (layout: TrunkConfig['layout']) => {
    const channels = shape[axisOf[layout]];
    return channels === 3 || (typeof channels === 'string' && layout === asked);
  };
  const layout = ([asked ?? 'nchw', asked ?? 'nhwc'] as const).find(fits);
  if (layout !== undefined) return layout;
  const where = `the model's input '${name}' has the shape ${formatShape(shape)}`;
  throw new ModelError(
    asked === undefined
      ? `${where}, where no axis is known to be three channels: say which with choices.trunk.layout: 'nchw' or 'nhwc' if one is, or use a model for colour pictures`
      : `${where}, which does not have three channels where ${asked} has them`,
  );
}
