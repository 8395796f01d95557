import { type FileHandle, realpath } from 'node:fs/promises';
import path from 'node:path';
import { ModelError } from '../../foundation/errors/model-error.ts';
import { codeOf, fileError } from '../../foundation/files/file-error.ts';
import { NotAnOrdinaryFile } from '../../foundation/files/kind-of-file.ts';
import { openOrdinaryFile, readOrdinaryFile } from '../../foundation/files/ordinary-file.ts';
import { decodeModel } from '../../graph/onnx/decode-model.ts';
import { type ExternalPlace, embedElements, encodeWhole, externalPlaces } from '../../graph/onnx/external-data.ts';

/** The most bytes of weights beside a model: protobuf holds no more in one file. */
const mostExternalBytes = 2 ** 31 - 1;

/**
 * The bytes of an ONNX file with all of its weights. Those that lie in other files beside it (PyTorch's exporter writes them so
 * by default) are put into it.
 *
 * @param within the folder that links beside the model may lead to. Default: the model's.
 * @throws if a file cannot be read; if weights lie outside the model's folder, also by a link, or beyond the end of their file;
 * or if they are more than 2 GiB. The message names the file.
 */
export async function readBackbone(file: string, within = path.dirname(file)): Promise<Uint8Array> {
  const bytes = await readOrdinaryFile(file).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT')
      throw new ModelError(`there is no ONNX file '${file}': check the path`, { cause: error });
    throw fileError('read', file, error);
  });
  try {
    return await withExternalData(file, bytes, within);
  } catch (error) {
    throw new ModelError(`cannot use '${file}' as a backbone: ${(error as Error).message}`, { cause: error });
  }
}

async function withExternalData(file: string, bytes: Uint8Array, within: string): Promise<Uint8Array> {
  const model = decodeModel(bytes);
  const places = externalPlaces(model);
  if (places.length === 0) return bytes;
  let total = bytes.length;
  for (const location of new Set(places.map((place) => place.location))) {
    const inside = places.filter((place) => place.location === location);
    const handle = await openBeside(file, location, within);
    try {
      const { size } = await handle.stat();
      for (const place of inside) {
        const length = lengthIn(place, size);
        total += length;
        if (total > mostExternalBytes)
          throw new ModelError('its weights in other files are more than 2 GiB: use a smaller model');
        embedElements(place.tensor, await bytesAt(handle, place, length));
      }
    } finally {
      await handle.close();
    }
  }
  return encodeWhole(model);
}

/** Opens a file that a model names, if it is an ordinary file in the model's folder or below, or a link there to one in `within`. */
async function openBeside(model: string, location: string, within: string): Promise<FileHandle> {
  const parts = location.split(/[/\\]/);
  const what = `its weights' file '${location}'`;
  if (path.isAbsolute(location) || path.win32.isAbsolute(location) || parts.includes('..') || location.includes('\0')) {
    throw new ModelError(
      `${what} is not in the model's folder, and is not read: move it there and save the model anew`,
    );
  }
  const beside = path.join(path.dirname(model), ...parts);
  try {
    const [folder, real] = await Promise.all([realpath(within), realpath(beside)]);
    if (path.relative(folder, real).startsWith('..') || path.isAbsolute(path.relative(folder, real))) {
      throw new ModelError(`${what} is a link out of the model's folder, and is not read: put the file itself there`);
    }
    return (await openOrdinaryFile(real)).handle;
  } catch (error) {
    if (error instanceof NotAnOrdinaryFile) throw new ModelError(`${what} is not an ordinary file`, { cause: error });
    if (codeOf(error) === undefined) throw error;
    if (codeOf(error) !== 'ENOENT') throw fileError('read', beside, error);
    throw new ModelError(
      `its weights are in another file, '${location}', which is not in its folder: put it there, or export the model as one ` +
        'file (torch.onnx.export with external_data=False)',
      { cause: error },
    );
  }
}

/** Bytes of a tensor in its file of `size` bytes. */
function lengthIn({ tensor, location, offset, length }: ExternalPlace, size: number): number {
  const end = offset + (length ?? Math.max(0, size - offset));
  if (offset <= size && end <= size) return end - offset;
  throw new ModelError(
    `its weights' file '${location}' has ${size} bytes, but tensor '${tensor.name}' is at ${offset} to ${end} of it: it is not ` +
      "this model's, or was cut short; copy both files again",
  );
}

async function bytesAt(handle: FileHandle, { location, offset }: ExternalPlace, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new ModelError(`its weights' file '${location}' has become shorter while it was read`);
    done += bytesRead;
  }
  return bytes;
}
