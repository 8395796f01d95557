import type { Pointer } from './koffi-package.ts';
import type { NativeType } from './native-functions.ts';

/** A layout of a tensor, or the description of the forward pass by which a backward one goes. */
const object = 'void *';
const lengths = 'const int64_t *';
/** Strides, dilations, and padding before and behind. */
const window = [lengths, lengths, lengths, lengths] as const;
/** Size, alpha, beta and bias. */
const response = ['int64_t', 'float', 'float', 'float'] as const;

/**
 * What `dnnl_<kind>_primitive_desc_create` takes between the engine, which is its first argument, and the attributes, its last:
 * oneDNN 3, dnnl.h.
 */
export const primitiveTypes = {
  batch_normalization_forward: ['int', object, object, 'float', 'uint'],
  batch_normalization_backward: ['int', object, object, object, 'float', 'uint', object],
  binary: ['int', object, object, object],
  convolution_forward: ['int', 'int', object, object, object, object, ...window],
  convolution_backward_data: ['int', object, object, object, ...window, object],
  convolution_backward_weights: ['int', object, object, object, object, ...window, object],
  eltwise_forward: ['int', 'int', object, object, 'float', 'float'],
  eltwise_backward: ['int', object, object, object, 'float', 'float', object],
  layer_normalization_forward: ['int', object, object, object, 'float', 'uint'],
  layer_normalization_backward: ['int', object, object, object, object, 'float', 'uint', object],
  lrn_forward: ['int', 'int', object, object, ...response],
  lrn_backward: ['int', object, object, object, ...response, object],
  matmul: [object, object, object, object],
  pooling_forward: ['int', 'int', object, object, lengths, ...window],
  pooling_backward: ['int', object, object, lengths, ...window, object],
  softmax_forward: ['int', 'int', object, object, 'int'],
  softmax_backward: ['int', object, object, object, 'int', object],
} as const satisfies Readonly<Record<string, readonly NativeType[]>>;

/** A kind of primitive in oneDNN's words. */
export type PrimitiveKind = keyof typeof primitiveTypes;

type ValueOf<Type extends NativeType> = Type extends 'void *'
  ? Pointer | null
  : Type extends 'const int64_t *'
    ? BigInt64Array
    : number;

type ValuesOf<Types extends readonly NativeType[]> = { readonly [Place in keyof Types]: ValueOf<Types[Place]> };

/** The values of those arguments. */
export type PrimitiveValues<Kind extends PrimitiveKind> = ValuesOf<(typeof primitiveTypes)[Kind]>;
