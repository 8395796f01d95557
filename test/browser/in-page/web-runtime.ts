import { WebEngine, type WebProvider, type WebRuntime } from '../../../src/engines/web/web-engine.ts';

/** An engine on the files of onnxruntime-web that the page's site has at `/onnxruntime/`. */
export async function webEngine(provider: WebProvider): Promise<WebEngine> {
  const runtime: WebRuntime = await import(`/onnxruntime/ort.${provider}.min.mjs`);
  runtime.env.wasm.wasmPaths = '/onnxruntime/';
  runtime.env.wasm.numThreads = 1;
  return new WebEngine({ runtime, provider });
}
