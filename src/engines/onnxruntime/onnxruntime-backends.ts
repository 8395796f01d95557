import * as ort from 'onnxruntime-node';

/** What onnxruntime can compute on. */
export interface OnnxruntimeBackend {
  /** As a run's configuration has it: `cpu`, `webgpu`, `cuda`. */
  readonly name: string;
  /** True if what it needs of onnxruntime is installed; whether the machine has such a device, only a try tells. */
  readonly installed: boolean;
}

/** The version of onnxruntime that is installed: `1.30.0`. */
export const onnxruntimeVersion = (): string => ort.env.versions.node ?? ort.env.versions.common;

/** What the installed onnxruntime can compute on. */
export function onnxruntimeBackends(): OnnxruntimeBackend[] {
  return ort.listSupportedBackends().map(({ name, bundled }) => ({ name, installed: bundled }));
}
