import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { AttributeSchema, AttributeValues } from './attribute-kind.ts';
import { gradientSchemas } from './gradient-schemas.ts';
import { operatorSchemas } from './operator-schemas.ts';

/** The name of an operator we know, spelt as ONNX spells it. */
export type OperatorName = keyof typeof operatorSchemas;

/** The name of an operator that is the gradient of another. */
export type GradientOperatorName = keyof typeof gradientSchemas;

/** The kinds of an operator's attributes, by their names. */
export type Schemas<Op extends OperatorName> = (typeof operatorSchemas)[Op]['attributes'];
/** What an attribute of a kind holds. */
export type ValueOf<S> = S extends { readonly kind: infer K extends keyof AttributeValues }
  ? AttributeValues[K]
  : never;
/** The attributes that a node may lack. */
export type OptionalNames<S> = { [A in keyof S]: S[A] extends { readonly optional: true } ? A : never }[keyof S];
/** The attributes that a caller must give: neither optional nor with a default. */
export type RequiredNames<S> = {
  [A in keyof S]: S[A] extends { readonly optional: true }
    ? never
    : S[A] extends { readonly default: unknown }
      ? never
      : A;
}[keyof S];

/** An operator's attributes with every default filled in. */
export type OperatorAttributes<Op extends OperatorName> = {
  readonly [A in Exclude<keyof Schemas<Op>, OptionalNames<Schemas<Op>>>]: ValueOf<Schemas<Op>[A]>;
} & { readonly [A in OptionalNames<Schemas<Op>>]?: ValueOf<Schemas<Op>[A]> };

/** An operator's attributes as a builder takes them: what has a default may be left out. */
export type AttributesToGive<Op extends OperatorName> = {
  readonly [A in RequiredNames<Schemas<Op>>]: ValueOf<Schemas<Op>[A]>;
} & { readonly [A in Exclude<keyof Schemas<Op>, RequiredNames<Schemas<Op>>>]?: ValueOf<Schemas<Op>[A]> };

/** What the tables over operators see of a schema, whichever operator it is of. */
export interface OperatorSchema {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeSchema>>;
  readonly domain?: string;
}

/** Every operator's name. */
export const operatorNames = Object.keys(operatorSchemas) as OperatorName[];

/** The schema of an operator. */
export function schemaOf(op: OperatorName): OperatorSchema {
  return operatorSchemas[op];
}

/** True if `name` is the name of an operator we know. */
export function isOperatorName(name: string): name is OperatorName {
  return Object.hasOwn(operatorSchemas, name);
}

/** True if an operator is the gradient of another, which ONNX does not know. */
export function isGradientOperator(op: string): op is GradientOperatorName {
  return Object.hasOwn(gradientSchemas, op);
}

/** The domain an operator belongs to: `''` is ONNX's own. */
export function domainOf(op: OperatorName): string {
  return schemaOf(op).domain ?? '';
}

/**
 * Attributes with defaults filled in.
 *
 * @throws if one that has no default is missing, or if one is not the operator's.
 */
export function completeAttributes<Op extends OperatorName>(
  op: Op,
  given: AttributesToGive<Op>,
): OperatorAttributes<Op> {
  const schemas = schemaOf(op).attributes;
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(schemas)) {
    if (schema.default !== undefined) values[name] = schema.default;
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(schemas, name)) {
      throw new GraphError(`${op} has no attribute '${name}'; it has: ${Object.keys(schemas).join(', ') || 'none'}`);
    }
    if (value !== undefined) values[name] = value;
  }
  for (const [name, schema] of Object.entries(schemas)) {
    if (values[name] === undefined && !schema.optional) throw new GraphError(`${op} needs its attribute '${name}'`);
  }
  return values as OperatorAttributes<Op>;
}
