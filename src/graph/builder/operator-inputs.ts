import type { OperatorName } from '../operators/operator.ts';
import type { operatorSchemas } from '../operators/operator-schemas.ts';
import type { Value } from './graph.ts';

type InputNames<Op extends OperatorName> = (typeof operatorSchemas)[Op]['inputs'];
type NamedInput<Name> = Name extends `${string}?` ? Value | undefined : Value;
type NamedInputs<Names extends readonly string[]> = { readonly [Place in keyof Names]: NamedInput<Names[Place]> };

/** The inputs of an operator in order: optional ones may be undefined, a repeated one makes a list. */
export type OperatorInputs<Op extends OperatorName> =
  InputNames<Op> extends readonly [`${string}*`] ? readonly Value[] : NamedInputs<InputNames<Op>>;
