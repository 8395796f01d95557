import { createRequire } from 'node:module';
import path from 'node:path';

/** The folder of the files of onnxruntime-web that are made for pages. */
export const onnxruntimeWeb = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
