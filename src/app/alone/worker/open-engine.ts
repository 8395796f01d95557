import { WebEngine, type WebProvider, type WebRuntime } from '../../../engines/web/web-engine.ts';
import { EngineError } from '../../../foundation/errors/engine-error.ts';

/** Threads of WebAssembly, at most: more gain little, and a page is not alone on the machine. */
const mostThreads = 8;

/** The part of a browser that says whether there is a graphics processor. */
interface Gpu {
  requestAdapter(): Promise<GpuAdapter | null>;
}

interface GpuAdapter {
  readonly info?: { readonly isFallbackAdapter?: boolean };
}

/**
 * True if the browser reaches a graphics processor by WebGPU. A drawing program that stands in for one does not count: it is slower
 * than WebAssembly.
 */
export async function hasGraphicsProcessor(): Promise<boolean> {
  const { gpu } = navigator as { readonly gpu?: Gpu };
  const adapter = (await gpu?.requestAdapter()) ?? undefined;
  return adapter !== undefined && adapter.info?.isFallbackAdapter !== true;
}

/**
 * An engine on the files of onnxruntime-web in the folder `onnxruntime` beside the page's script. It has several threads where
 * the page is isolated from others (the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy), else one.
 *
 * @throws EngineError if the files are not there.
 */
export async function openEngine(provider: WebProvider): Promise<WebEngine> {
  const folder = new URL('./onnxruntime/', import.meta.url).href;
  const runtime: WebRuntime = await import(/* @vite-ignore */ `${folder}ort.${provider}.min.mjs`).catch((error) => {
    throw new EngineError(
      `the page's folder has no onnxruntime for ${provider} ('onnxruntime/ort.${provider}.min.mjs'): make the folder again with lookalike page`,
      { cause: error },
    );
  });
  runtime.env.wasm.wasmPaths = folder;
  runtime.env.wasm.numThreads = crossOriginIsolated ? Math.min(mostThreads, navigator.hardwareConcurrency) : 1;
  runtime.env.logLevel = 'error';
  return new WebEngine({ runtime, provider });
}
