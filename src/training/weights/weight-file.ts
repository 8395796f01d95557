import path from 'node:path';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { fileError } from '../../foundation/files/file-error.ts';
import { openOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import { readSafetensors } from '../../graph/safetensors/safetensors.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';

/** The tensors of a file of weights. */
export interface WeightFile {
  readonly format: 'safetensors' | 'hdf5';
  /** By their names, in HDF5 by their paths without the leading slash. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Names of what the file has and this version does not read, with the reason. */
  readonly unread: ReadonlyMap<string, string>;
}

const hdf5Signature = '\x89HDF\r\n\x1a\n';
const hdf5Endings: ReadonlySet<string> = new Set(['.h5', '.hdf5', '.keras']);

/**
 * Reads a file of weights: HDF5 if it begins as HDF5 does or is named so, else safetensors.
 *
 * @throws if it cannot be read or is neither, naming it, what is wrong, and what to do.
 */
export async function readWeightFile(file: string): Promise<WeightFile> {
  const start = Buffer.from(await readStart(file));
  const ending = path.extname(file).toLowerCase();
  if (start.subarray(0, 8).toString('latin1') === hdf5Signature || hdf5Endings.has(ending)) {
    if (start.subarray(0, 4).toString('latin1') === 'PK\x03\x04') {
      throw new ModelError(
        `'${file}' is a Keras 3 archive (.keras), which is not read: save the model as HDF5, with model.save('weights.h5')`,
      );
    }
    const { readHdf5 } = await import('./hdf5-file.ts');
    return { format: 'hdf5', ...(await readHdf5(file)) };
  }
  // The length of a safetensors header may begin with the same bytes.
  const isPickle = start.subarray(0, 2).toString('latin1') === 'PK' || start[0] === 0x80;
  if (isPickle && !beginsAsSafetensors(start)) {
    throw new ModelError(
      `'${file}' is a pickle of PyTorch, which can run code and is not read: save it as safetensors, with safetensors.torch.save_file(model.state_dict(), 'weights.safetensors')`,
    );
  }
  const { tensors } = await readSafetensors(file);
  return { format: 'safetensors', tensors, unread: new Map() };
}

/** A header's length in eight bytes, below 4 GiB, and the header's brace. */
function beginsAsSafetensors(start: Uint8Array): boolean {
  return start.subarray(4, 8).every((byte) => byte === 0) && start[8] === '{'.charCodeAt(0);
}

async function readStart(file: string): Promise<Uint8Array> {
  const fail = (error: unknown): never => {
    throw fileError('read', file, error);
  };
  const { handle } = await openOrdinaryFile(file).catch(fail);
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(9), 0, 9, 0).catch(fail);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
