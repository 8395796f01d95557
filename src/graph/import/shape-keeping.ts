import type { ValueType } from '../shape-inference/rule.ts';
import type { ForeignNode } from './upgrades/foreign-node.ts';

/** Operators that are not of our set whose one output has the type and shape of their first input, by domain. */
const shapeKeeping: Readonly<Record<string, ReadonlySet<string>>> = {
  '': new Set([
    'Acos',
    'Acosh',
    'Asin',
    'Asinh',
    'Atan',
    'Atanh',
    'BitwiseNot',
    'Celu',
    'Cos',
    'Cosh',
    'CumSum',
    'Gelu',
    'GroupNormalization',
    'Hardmax',
    'IsInf',
    'IsNaN',
    'LpNormalization',
    'MeanVarianceNormalization',
    'Mish',
    'RMSNormalization',
    'Round',
    'ScatterND',
    'Selu',
    'Shrink',
    'Sin',
    'Sinh',
    'Softsign',
    'Swish',
    'Tan',
    'ThresholdedRelu',
    'Trilu',
  ]),
  'com.microsoft': new Set(['BiasGelu', 'FastGelu', 'Gelu', 'QuickGelu', 'SkipLayerNormalization']),
};

/** Those of them that say something true or false of each element. */
const asking: ReadonlySet<string> = new Set(['IsInf', 'IsNaN']);

/** True for an operator that gives each element, or each place, something for itself and moves nothing. */
export function keepsShape(op: string, domain: string): boolean {
  return Object.hasOwn(shapeKeeping, domain) && shapeKeeping[domain].has(op);
}

/** The type of such an operator's output; undefined for any other, and where more than one output is asked for. */
export function keptType({ op, domain, inputs: [data], outputs }: ForeignNode): ValueType[] | undefined {
  if (data === undefined || outputs.length !== 1 || !keepsShape(op, domain)) return undefined;
  return [{ type: asking.has(op) ? 'bool' : data.type, shape: data.shape }];
}
