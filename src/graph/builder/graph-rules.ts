import { arrayLike, oneOf, valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkArgument } from '../../foundation/arguments/check-options.ts';
import { knownName } from '../../foundation/arguments/known-name.ts';
import { operatorNames } from '../operators/operator.ts';
import { elementTypes } from '../tensor/element-type.ts';

const has = (value: unknown, keys: readonly string[]) =>
  typeof value === 'object' && value !== null && keys.every((key) => key in value);

const name = valueLike('a name', (value) => typeof value === 'string');
const type = oneOf(elementTypes);
const shape = valueLike(
  'an array of lengths, or names for open axes',
  (value) => Array.isArray(value) && value.every((axis) => typeof axis === 'string' || Number.isInteger(axis)),
);
const tensor = valueLike(
  'a tensor',
  (value) => has(value, ['type', 'shape', 'data']),
  'tensor(type, shape, data) makes one',
);
const value = valueLike('a value of the graph', (given) => has(given, ['graph', 'type', 'shape', 'origin']));
const inputs = arrayLike('an array of values');

/** Checks what a graph is told of an input. @throws UsageError at the first that is wrong. */
export function checkInput(...given: readonly [name: unknown, type: unknown, shape: unknown]): void {
  checkArgument(given[0], name, 'name');
  checkArgument(given[1], type, 'type');
  checkArgument(given[2], shape, 'shape');
}

/** Checks a tensor that is to be a constant. @throws UsageError if it is none. */
export function checkTensor(given: unknown): void {
  checkArgument(given, tensor, 'tensor');
}

/** Checks what an operator is applied to. @throws UsageError if there is no such operator, with the nearest one, or no inputs. */
export function checkApplication(op: unknown, given: unknown): void {
  knownName(op, operatorNames, 'operator', 'op');
  checkArgument(given, inputs, 'inputs');
}

/** Checks what is to be an output. @throws UsageError if the name or the value is none. */
export function checkOutput(outputName: unknown, given: unknown): void {
  checkArgument(outputName, name, 'name');
  checkArgument(given, value, 'value');
}
