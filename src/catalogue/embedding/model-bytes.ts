import { stat } from 'node:fs/promises';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { codeOf, fileError } from '../../foundation/files/file-error.ts';
import { readOrdinaryFile } from '../../foundation/files/ordinary-file.ts';

/** More than a protobuf can be long. */
const longest = 2 ** 31;

/**
 * The bytes of a model's file. What is not an ordinary file is not opened: a pipe would be waited for, a device read for ever.
 *
 * @throws if it is missing, a folder, a pipe, a device, empty, longer than an ONNX file can be, or may not be read.
 */
export async function readModelBytes(path: string): Promise<Uint8Array> {
  try {
    const stats = await stat(path);
    const because = whyNoModel(path, { isFolder: stats.isDirectory(), isFile: stats.isFile(), size: stats.size });
    if (because !== undefined) throw new ModelError(because);
    return await readOrdinaryFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      throw new ModelError(`there is no model file '${path}': check the path, or train a model first`, {
        cause: error,
      });
    }
    throw fileError('read', path, error);
  }
}

function whyNoModel(
  path: string,
  { isFolder, isFile, size }: { readonly isFolder: boolean; readonly isFile: boolean; readonly size: number },
): string | undefined {
  const give = 'give the model.onnx of a training run';
  if (isFolder) return `it is a folder: give the file in it, '${path.replace(/[/\\]+$/, '')}/model.onnx'`;
  if (!isFile) return `it is not an ordinary file, but a pipe, a socket or a device: ${give}`;
  if (size === 0) return `it is empty (0 bytes): ${give}`;
  return size >= longest ? `it has ${size} bytes, more than an ONNX file can have: ${give}` : undefined;
}
