import { availableParallelism } from 'node:os';
import { Explainer } from '../../catalogue/explanation/explainer.ts';
import { drawHeats } from '../../catalogue/explanation/heat-map.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { encodePng } from '../../pictures/decoding/encode-png.ts';
import type { ImageArgument } from '../../pictures/decoding/image-argument.ts';
import type { WorkDone, WorkKinds, WorkSettings } from './work-protocol.ts';

/** Explains pictures by a model, which is differentiated at the first. */
export class ExplanationWork {
  readonly #settings: WorkSettings;
  #explainer: Promise<Explainer> | undefined;

  constructor(settings: WorkSettings) {
    this.#settings = settings;
  }

  async explain([first, second]: WorkKinds['explain']['argument']): Promise<WorkDone<'explain'>> {
    this.#explainer ??= this.#open();
    const found = await (await this.#explainer).explain(sourceOf(first), sourceOf(second));
    const sides = [found.first, found.second];
    const files = await Promise.all(drawHeats(sides).map(encodePng));
    const drawn = sides.map(({ agreement }, side) => ({ heatmap: new Uint8Array(files[side]), agreement }));
    return {
      result: { similarity: found.similarity, shares: found.shares, drawn },
      transfer: drawn.map(({ heatmap }) => heatmap.buffer),
    };
  }

  async #open(): Promise<Explainer> {
    const { model, pictureLimits } = this.#settings;
    const engine = await OnnxruntimeEngine.create({ threads: availableParallelism() });
    return Explainer.open(model, engine, pictureLimits);
  }
}

/** An ordinary file: of a pipe it would be waited for. */
function sourceOf(picture: string | Uint8Array): ImageArgument {
  return typeof picture === 'string' ? { kind: 'file', path: picture } : picture;
}
