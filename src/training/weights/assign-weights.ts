import { ModelError } from '../../foundation/errors/model-error.ts';
import { shapesEqual } from '../../graph/builder/operations.ts';
import { formatShape } from '../../graph/tensor/shape.ts';
import { type Tensor, type TensorOf, tensor } from '../../graph/tensor/tensor.ts';
import type { LearntTensor } from './learnt-tensors.ts';
import type { WeightFile } from './weight-file.ts';
import type { WeightRule, WeightRules } from './weight-rule.ts';

/** A tensor of the network that came from the file. */
export interface LoadedTensor {
  readonly name: string;
  /** Its name in the file. */
  readonly from: string;
}

/** A tensor that was passed over, and why. */
export interface PassedOver {
  readonly name: string;
  readonly reason: string;
}

/** What became of a file's tensors and of a network's. */
export interface AssignedWeights {
  /** By the network's names, in its layout. */
  readonly weights: ReadonlyMap<string, TensorOf<'float32'>>;
  readonly loaded: readonly LoadedTensor[];
  /** Tensors of the file that are not used. */
  readonly skipped: readonly PassedOver[];
  /** Tensors of the network that start as they would without a file. */
  readonly drawn: readonly PassedOver[];
}

/**
 * Takes from a file what a network has a place for. What is required has to be there in the right shape; the rest (dense layers,
 * paths, embedding) is taken where the shapes match.
 *
 * @param hint what to say behind an error that may mean that the file is another network's.
 * @throws if a required tensor is missing, is of another shape or type, or has a value that is no finite number; the message
 * names the tensor, both shapes, and what to do.
 */
export function assignWeights(
  { tensors, unread }: Pick<WeightFile, 'tensors' | 'unread'>,
  rules: WeightRules,
  learnt: readonly LearntTensor[],
  hint = 'name the choices.backbone that the file is for, or another file',
): AssignedWeights {
  const weights = new Map<string, TensorOf<'float32'>>();
  const loaded: LoadedTensor[] = [];
  const drawn: PassedOver[] = [];
  const refused = new Map<string, string>();
  for (const { name, shape } of learnt) {
    const rule = rules.ruleOf(name);
    if (rule === undefined) {
      drawn.push({ name, reason: 'the file’s makers have no such layer' });
      continue;
    }
    const from = rule.from.find((candidate) => tensors.has(candidate) || unread.has(candidate));
    if (from === undefined) {
      if (rule.required)
        throw new ModelError(`it lacks '${rule.from[0]}', of shape ${formatShape(shape)} here: ${hint}`);
      drawn.push({ name, reason: `the file has no ${rule.from.map((candidate) => `'${candidate}'`).join(' or ')}` });
      continue;
    }
    const found = tensors.get(from);
    if (found === undefined) throw new ModelError(`'${from}' cannot be used: ${unread.get(from)}`);
    const converted = convertTensor(found, from, rule);
    if (!shapesEqual(converted.shape, shape)) {
      const mismatch = `'${from}' has shape ${formatShape(found.shape)}${found.shape.join() === converted.shape.join() ? '' : `, ${formatShape(converted.shape)} in our order`}, the network wants ${formatShape(shape)} for '${name}'`;
      if (rule.required) throw new ModelError(`${mismatch}: ${hint}`);
      drawn.push({ name, reason: `${mismatch}` });
      refused.set(from, mismatch);
      continue;
    }
    requireFinite(converted, from);
    weights.set(name, converted);
    loaded.push({ name, from });
  }
  const used = new Set(loaded.map(({ from }) => from));
  const skipped = [...tensors.keys()]
    .filter((name) => !used.has(name))
    .map((name) => ({ name, reason: refused.get(name) ?? whySkipped(name) }));
  for (const [name, reason] of unread) skipped.push({ name, reason });
  return { weights, loaded, skipped, drawn };
}

function whySkipped(name: string): string {
  if (name.endsWith('num_batches_tracked')) return 'a counter that nothing here needs';
  if (name.includes('optimizer_weights')) return "the optimiser's";
  return 'no layer of this network has this name';
}

function convertTensor(found: Tensor, from: string, { convert }: WeightRule): TensorOf<'float32'> {
  if (found.type !== 'float32' && found.type !== 'float64') {
    throw new ModelError(
      `'${from}' has elements of type ${found.type}, and weights are float32 or float64: save it as float32`,
    );
  }
  const data = found.type === 'float32' ? found.data : Float32Array.from(found.data);
  const plain = tensor('float32', found.shape, data);
  if (convert === undefined) return plain;
  try {
    return convert(plain);
  } catch (error) {
    throw new ModelError(`'${from}' has shape ${formatShape(found.shape)}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function requireFinite({ data }: TensorOf<'float32'>, from: string): void {
  const place = data.findIndex((value) => !Number.isFinite(value));
  if (place < 0) return;
  throw new ModelError(
    `element ${place} of '${from}' is ${data[place]}: the file is damaged, or its training had failed`,
  );
}
