import type { Value } from '../../builder/graph.ts';
import { expandLike } from '../../builder/match-shape.ts';
import { add, conv } from '../../builder/operations.ts';
import { alongChannels, perChannelSum } from '../../builder/per-channel.ts';
import type { AttributesToGive } from '../../operators/operator.ts';
import { type StaticShape, staticShape } from '../../tensor/shape.ts';
import type { GradientContext, GradientTable } from '../gradient-rule.ts';
import { once } from '../once.ts';

/** The attributes that all operators of convolutions have in common. */
type Convolution = AttributesToGive<'Conv'>;

const known = ({ shape }: Value): StaticShape => staticShape(shape, 'the gradient of a convolution');

/** The attributes of a convolution among those of a transposed one or a gradient. */
const convolutionOf = ({ kernelShape, strides, pads, dilations, group }: Convolution): Convolution =>
  ({ kernelShape, strides, pads, dilations, group }) as Convolution;

/** Gradient by the image, whose shape is [N, C, ...]. */
const byImage = (dY: Value, W: Value, imageShape: StaticShape, attributes: Convolution): Value =>
  dY.graph.apply('ConvInputGradient', [dY, W], { ...convolutionOf(attributes), imageShape })[0];

/** Gradients by weights of `kernelShape`, and by the bias where two are asked for. */
const byWeights = (X: Value, dY: Value, kernelShape: StaticShape, attributes: Convolution, outputs: 1 | 2): Value[] =>
  X.graph.apply('ConvWeightGradient', [X, dY], { ...convolutionOf(attributes), kernelShape }, { outputs });

/** Both outputs are sums over dY, so the gradient by it is what a convolution by the gradient of dW and the bias's make of X. */
function byResult({ inputs: [X, dY], attributes, gradients }: GradientContext<'ConvWeightGradient'>): Value {
  const [weights, bias] = gradients;
  const convolved = weights && conv(X, weights, undefined, convolutionOf(attributes));
  const everywhere = bias && alongChannels(bias, dY);
  if (convolved === undefined || everywhere === undefined) return convolved ?? expandLike(everywhere ?? dY, dY);
  return add(convolved, everywhere);
}

/** Convolutions of any stride, padding, dilation and number of groups over any number of spatial axes. */
export const convolutionGradients = {
  Conv: ({ inputs: [X, W, B], attributes, dY }) => {
    const [image, [, , ...kernel]] = [known(X), known(W)];
    const parameters = once(() => byWeights(X, dY, kernel, attributes, B === undefined ? 1 : 2));
    return [() => byImage(dY, W, image, attributes), () => parameters()[0], B && (() => parameters()[1])];
  },
  /** The convolution that it transposes takes Y to X, so the gradient by X is that convolution of dY. */
  ConvTranspose: ({ inputs: [X, W, B], outputs: [Y], attributes, dY }) => {
    const [[, , ...kernel]] = [known(W), known(X), known(Y)];
    return [
      () => conv(dY, W, undefined, convolutionOf(attributes)),
      () => byWeights(dY, X, kernel, attributes, 1)[0],
      B && (() => perChannelSum(dY)),
    ];
  },
  ConvInputGradient: ({ inputs: [G, W], attributes, dY }) => [
    () => conv(dY, W, undefined, convolutionOf(attributes)),
    () => byWeights(dY, G, known(W).slice(2), attributes, 1)[0],
  ],
  ConvWeightGradient: (context) => {
    const { inputs, attributes, gradients } = context;
    const [X, G] = inputs;
    const [weights] = gradients;
    return [weights && (() => byImage(G, weights, known(X), attributes)), () => byResult(context)];
  },
} satisfies Partial<GradientTable>;
