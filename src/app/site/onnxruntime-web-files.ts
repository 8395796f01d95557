import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EngineError } from '../../foundation/errors/engine-error.ts';

/** The version of onnxruntime-web that the page is made for and tested with: onnxruntime-node's. */
export const onnxruntimeWebVersion = '1.30.0';

/** What a page needs of the package: two builds, for WebAssembly and for WebGPU, of which a browser fetches one. */
const files = [
  'ort.wasm.min.mjs',
  'ort-wasm-simd-threaded.mjs',
  'ort-wasm-simd-threaded.wasm',
  'ort.webgpu.min.mjs',
  'ort-wasm-simd-threaded.asyncify.mjs',
  'ort-wasm-simd-threaded.asyncify.wasm',
] as const;

/** A file of onnxruntime-web, and where it is. */
export interface WebFile {
  readonly name: string;
  readonly path: string;
}

/**
 * The files of onnxruntime-web that a page loads.
 *
 * @param resolve finds a file of a package. Default: as this package's own imports are found.
 * @throws EngineError if the package is not installed, or another version of it, saying how to install it.
 */
export async function onnxruntimeWebFiles(
  resolve: (specifier: string) => string = createRequire(import.meta.url).resolve,
): Promise<WebFile[]> {
  const install = `npm install onnxruntime-web@${onnxruntimeWebVersion}`;
  let folder: string;
  try {
    folder = path.dirname(resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  } catch (error) {
    throw new EngineError(`a page computes with the package onnxruntime-web, which is not installed: ${install}`, {
      cause: error,
    });
  }
  const { version } = JSON.parse(await readFile(path.join(folder, '..', 'package.json'), 'utf8'));
  if (version !== onnxruntimeWebVersion) {
    throw new EngineError(
      `a page computes with onnxruntime-web ${onnxruntimeWebVersion}, and version ${version} is installed: ${install}`,
    );
  }
  return files.map((name) => ({ name, path: path.join(folder, name) }));
}
