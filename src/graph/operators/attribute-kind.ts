import type { ElementType } from '../tensor/element-type.ts';

/** What an attribute may hold, by the name of its kind. */
export interface AttributeValues {
  int: number;
  ints: readonly number[];
  float: number;
  string: string;
  /** ONNX writes an element type as an integer code; we spell it. */
  elementType: ElementType;
}

/** One attribute of an operator: its kind and, where ONNX gives one, its default. */
export interface AttributeSchema<K extends keyof AttributeValues = keyof AttributeValues> {
  readonly kind: K;
  readonly default?: AttributeValues[K];
  /** True if ONNX lets it be absent and absence means something of its own. */
  readonly optional?: boolean;
}

/** An attribute that has to be given. */
export const required = <K extends keyof AttributeValues>(kind: K) => ({ kind }) as const;
/** An attribute that may be absent, which means something of its own. */
export const optional = <K extends keyof AttributeValues>(kind: K) => ({ kind, optional: true }) as const;
/** A whole number with ONNX's default. */
export const int = (value: number) => ({ kind: 'int', default: value }) as const;
/** Whole numbers with ONNX's default; `[]` stands for one that ONNX fills in from the inputs. */
export const ints = (value: readonly number[]) => ({ kind: 'ints', default: value }) as const;
/** A number with ONNX's default. */
export const float = (value: number) => ({ kind: 'float', default: value }) as const;
/** A word with ONNX's default. */
export const text = (value: string) => ({ kind: 'string', default: value }) as const;
