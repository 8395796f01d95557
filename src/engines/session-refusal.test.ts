import { describe, expect, it } from 'vitest';
import { sessionRefusal } from './session-refusal.ts';

describe('sessionRefusal', () => {
  it("gives onnxruntime's words", () => {
    const refusal = sessionRefusal('step', new Error('Conv has no W'));
    expect(refusal.message).toBe("onnxruntime refuses the graph of 'step': Conv has no W");
    expect(refusal.code).toBe('engine');
  });

  it('says what to do where there is no GPU', () => {
    const words = 'webgpu_context.cc:136 Failed to get a WebGPU adapter: No supported adapters';
    expect(sessionRefusal('step', new Error(words)).message).toBe(
      "onnxruntime's WebGPU provider finds no GPU for 'step': install a driver of Vulkan (Linux), Metal (macOS) or Direct3D 12 (Windows), or choose the provider cpu",
    );
  });
});
