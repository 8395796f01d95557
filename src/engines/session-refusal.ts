import { EngineError } from '../foundation/errors/engine-error.ts';

/** Why onnxruntime opens no session for a graph, with the next step where it is known. */
export function sessionRefusal(name: string, cause: unknown): EngineError {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/Failed to get a WebGPU adapter/.test(message)) {
    return new EngineError(
      `onnxruntime's WebGPU provider finds no GPU for '${name}': install a driver of Vulkan (Linux), Metal (macOS) or Direct3D 12 (Windows), or choose the provider cpu`,
      { cause },
    );
  }
  return new EngineError(`onnxruntime refuses the graph of '${name}': ${message}`, { cause });
}
