import type { WebEngine, WebProvider } from '../../../engines/web/web-engine.ts';
import { hasGraphicsProcessor } from './open-engine.ts';
import { PageModel } from './page-model.ts';

/** A model on the engine that computes it. */
export interface ModelOnEngine {
  readonly model: PageModel;
  /** What computes it, and why, where that was chosen: for people. */
  readonly computedBy: string;
}

/** Gives the engine of a provider, which is opened once. */
export type EngineOf = (provider: WebProvider) => Promise<WebEngine>;

/**
 * Loads a model where it is computed fastest: by WebAssembly, or by WebGPU where the browser reaches a graphics processor, and the
 * model is right there and faster. Which that is depends on the model: one on bytes has no kernels on WebGPU.
 *
 * @throws ModelError as `PageModel.open` does.
 */
export async function modelOnEngine(
  name: string,
  bytes: Uint8Array,
  wish: WebProvider | 'auto',
  engineOf: EngineOf,
): Promise<ModelOnEngine> {
  if (wish !== 'auto') return plainly(await PageModel.open(name, bytes, await engineOf(wish)));
  const model = await PageModel.open(name, bytes, await engineOf('wasm'));
  if (!(await hasGraphicsProcessor())) return plainly(model);
  try {
    const other = await PageModel.open(name, bytes, await engineOf('webgpu'));
    const [wasm, webgpu] = [await millisecondsOf(model), await millisecondsOf(other)];
    const [faster, slower] = webgpu < wasm ? [other, model] : [model, other];
    await slower.close();
    const measured = `${Math.min(wasm, webgpu).toFixed(0)} ms a batch, ${Math.max(wasm, webgpu).toFixed(0)} otherwise`;
    return { model: faster, computedBy: `${faster.engine.description} (measured: ${measured})` };
  } catch (error) {
    // What the graphics processor computes wrongly, or not at all, is computed without it, and that is said.
    const { message } = error as Error;
    return { model, computedBy: `${model.engine.description} (WebGPU is there, but will not do: ${message})` };
  }
}

const plainly = (model: PageModel): ModelOnEngine => ({ model, computedBy: model.engine.description });

/** How long a batch takes, once the first has been computed. */
async function millisecondsOf(model: PageModel): Promise<number> {
  const { width, height } = model.metadata.preprocessing;
  const pixels = new Uint8Array(model.metadata.embeddingBatch * width * height * 3);
  const begun = performance.now();
  await model.embed(pixels);
  return performance.now() - begun;
}
