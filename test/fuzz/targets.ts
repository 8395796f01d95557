import type { FuzzTarget } from './fuzz-target.ts';
import { modelTarget } from './model-target.ts';
import { onnxTarget } from './onnx-target.ts';
import { hdf5Target, safetensorsTarget } from './weight-target.ts';

/** Every reader that is fuzzed. A new one is a file beside this one and a line here. */
export const fuzzTargets: readonly FuzzTarget[] = [modelTarget, onnxTarget, safetensorsTarget, hdf5Target];
