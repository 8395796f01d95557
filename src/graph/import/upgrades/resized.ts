import type { Value } from '../../builder/graph.ts';
import { encodeAttribute } from '../../onnx/encode-attribute.ts';
import { intsOf, safeInteger, stringOf } from '../../onnx/read-attribute.ts';
import { normalizeAxis, type Shape } from '../../tensor/shape.ts';
import { float32, int64Vector } from '../../tensor/tensor.ts';
import type { Element } from '../element-rules.ts';
import {
  dataInput,
  type ForeignNode,
  OutsideSetError,
  type Rewrite,
  type UpgradeContext,
  withAttributes,
  withInput,
  withoutAttributes,
} from './foreign-node.ts';

/**
 * Upsample (opset 9) and Resize of opset 10 take `X, scales` and sample at `output place / scale`. Their nearest element is
 * the one below, but the one above for Resize along an axis that shrinks: the specification leaves it open, this is what
 * onnxruntime does.
 */
export const asymmetricResize: Rewrite = (node, context) => {
  const [x, scales] = node.inputs;
  const factors = scales && context.elementsOf(scales);
  const shrinks =
    node.op === 'Resize' &&
    text(node, 'mode', 'nearest') === 'nearest' &&
    (factors?.some((factor) => Number(factor) < 1) ?? false);
  if (shrinks && factors?.some((factor) => Number(factor) > 1)) {
    throw new OutsideSetError('it enlarges one axis and shrinks another, which later operator sets do differently');
  }
  return withAttributes(
    { ...node, op: 'Resize', inputs: [x, undefined, scales] },
    encodeAttribute('coordinate_transformation_mode', { kind: 'string', value: 'asymmetric' }),
    encodeAttribute('nearest_mode', { kind: 'string', value: shrinks ? 'ceil' : 'floor' }),
  );
};

/**
 * Resize as our set has it: all axes, an input that is not used left out rather than empty, no region of interest, and no
 * policy but the default one, stretch. `sizes` that keep an axis whose length is only named become `scales`.
 */
export const plainResize: Rewrite = (node, context) => {
  if (text(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
    throw new OutsideSetError('its keep_aspect_ratio_policy is not stretch');
  }
  if (text(node, 'coordinate_transformation_mode', '').startsWith('tf_')) {
    throw new OutsideSetError('its coordinate_transformation_mode is one of TensorFlow');
  }
  const [x, , scales, sizes] = node.inputs.map(unlessEmpty);
  const given = scales ?? sizes;
  const plain = withoutAttributes(
    { ...node, inputs: [x, undefined, scales, sizes] },
    'keep_aspect_ratio_policy',
    'axes',
  );
  const elements = given && context.elementsOf(given);
  if (elements === undefined) {
    if (node.attributes.has('axes')) throw new OutsideSetError('the axes it resizes are given, but no constant sizes');
    return scales === undefined ? plain : { ...plain, inputs: [x, undefined, scales] };
  }
  const { shape } = dataInput(node);
  if (scales !== undefined) {
    const spread = onAllAxes(node, elements, shape, () => 1);
    return spread === elements
      ? { ...plain, inputs: [x, undefined, scales] }
      : { ...plain, inputs: [x, undefined, scaleInput(node, context, spread.map(Number))] };
  }
  const lengths = onAllAxes(node, elements, shape, (axis) => shape[axis]);
  if (lengths === elements && lengths.every((length) => typeof length === 'number')) return plain;
  if (lengths.every((length) => typeof length === 'number')) {
    return withInput(plain, 3, context.graph.constant(int64Vector(lengths), `${node.name}.sizes`));
  }
  const factors = lengths.map((length, axis) => factorFor(shape[axis], length));
  return { ...plain, inputs: [x, undefined, scaleInput(node, context, factors)] };
};

function scaleInput(node: ForeignNode, { graph }: UpgradeContext, factors: readonly number[]): Value {
  return graph.constant(float32([factors.length], factors), `${node.name}.scales`);
}

/** The factor that turns one length into another exactly; a named length can only stay. */
function factorFor(from: Element, to: Element): number {
  if (from !== undefined && from === to) return 1;
  if (typeof from === 'number' && typeof to === 'number') {
    const factor = Math.fround(to / from);
    if (Math.floor(Math.fround(from * factor)) === to) return factor;
  }
  throw new OutsideSetError(`it resizes a length of ${from} to ${to ?? 'one computed while the graph runs'}`);
}

/** `values` for the axes that the node names spread over all axes; the same array where it names none. */
function onAllAxes(
  node: ForeignNode,
  values: readonly Element[],
  shape: Shape,
  otherwise: (axis: number) => Element,
): readonly Element[] {
  const named = node.attributes.get('axes');
  if (named === undefined) return values;
  const axes = intsOf(named, node.what).map((axis) => normalizeAxis(safeInteger(axis, node.what), shape.length));
  return shape.map((_, axis) => (axes.includes(axis) ? values[axes.indexOf(axis)] : otherwise(axis)));
}

function unlessEmpty(value: Value | undefined): Value | undefined {
  return value?.shape.length === 1 && value.shape[0] === 0 ? undefined : value;
}

function text(node: ForeignNode, name: string, otherwise: string): string {
  const attribute = node.attributes.get(name);
  return attribute === undefined ? otherwise : stringOf(attribute, node.what);
}
