import { createHash } from 'node:crypto';
import { TrainingError } from '../../foundation/errors/training-error.ts';
import { codeOf } from '../../foundation/files/file-error.ts';
import { type JsonValue, toJson } from '../../foundation/files/json-value.ts';
import { writeAtomically } from '../../foundation/files/write-atomically.ts';
import { encodeSafetensors, readSafetensors, type Safetensors } from '../../graph/safetensors/safetensors.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';

/** Everything that a training run needs to go on as if it had never stopped. */
export interface Checkpoint {
  /** Steps that have been taken. */
  readonly step: number;
  /** Weights, statistics and the optimiser's state, by name. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** What is not a tensor: random states, the place in the epoch, the best measure so far. */
  readonly state: { readonly [key: string]: JsonValue };
}

const format = 'lookalike-checkpoint-1';
const noDigest = '0'.repeat(64);
/** In a header. The state before it is a text in a text: its quotes are escaped. */
const digestIn = /(?<="sha256":")[0-9a-f]{64}/;

/**
 * Writes a checkpoint as a safetensors file, atomically: whenever the process dies, `file` is the checkpoint before or
 * this one, whole. The tensors are not copied; they must not change until the call ends.
 *
 * The metadata carry step, state and `sha256`, the digest of everything behind the header's length with `sha256` itself
 * as 64 zeros.
 *
 * @throws if the file cannot be written (see `writeAtomically`; the checkpoint before stays) or JSON cannot hold the
 * state.
 */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  const { step, tensors, state } = checkpoint;
  const metadata = new Map([
    ['format', format],
    ['step', String(step)],
    ['state', toJson(state, 'state')],
    ['sha256', noDigest],
  ]);
  const [, header, ...data] = encodeSafetensors(tensors, metadata);
  const digest = createHash('sha256').update(header);
  for (const piece of data) digest.update(piece);
  metadata.set('sha256', digest.digest('hex'));
  await writeAtomically(file, encodeSafetensors(tensors, metadata));
}

/**
 * Reads a checkpoint; each tensor has memory of its own.
 *
 * @throws if the file cannot be read, is no checkpoint, is one of another version, or is not, bit for bit, what was
 * written; in one line that names the file and the next step.
 */
export async function readCheckpoint(file: string): Promise<Checkpoint> {
  const digest = createHash('sha256');
  let written: string | undefined;
  const observe = (piece: Uint8Array) => {
    if (written !== undefined) {
      digest.update(piece);
      return;
    }
    const header = Buffer.from(piece).toString('latin1');
    [written = ''] = digestIn.exec(header) ?? [];
    digest.update(header.replace(digestIn, noDigest), 'latin1');
  };
  const { tensors, metadata } = await readSafetensors(file, observe).catch((error: unknown): Safetensors => {
    if (error instanceof Error && codeOf(error.cause) !== undefined) throw error;
    throw unusable(file, error instanceof Error ? error.message : String(error), error);
  });
  const found = metadata.get('format');
  if (found === undefined) throw unusable(file, 'it holds tensors, but it is no checkpoint');
  if (found !== format) throw unusable(file, `its format is '${found}', this version reads '${format}'`);
  if (digest.digest('hex') !== written) throw unusable(file, 'it is not what was written: its digest does not fit');
  const state = JSON.parse(metadata.get('state')!) as Checkpoint['state'];
  return { step: Number(metadata.get('step')), tensors, state };
}

function unusable(file: string, reason: string, cause?: unknown): Error {
  const nextStep = 'name the checkpoint of another run, or train anew';
  return new TrainingError(`cannot go on from '${file}': ${reason}; ${nextStep}`, { cause });
}
