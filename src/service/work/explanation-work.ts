import { availableParallelism } from 'node:os';
import { type ExplainedPicture, Explainer } from '../../catalogue/explanation/explainer.ts';
import type { HeatKind } from '../../catalogue/explanation/heat-kind.ts';
import { drawHeats } from '../../catalogue/explanation/heat-map.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { encodePng } from '../../pictures/decoding/encode-png.ts';
import type { ImageArgument } from '../../pictures/decoding/image-argument.ts';
import type { DrawnHeat, WorkDone, WorkKinds, WorkSettings } from './work-protocol.ts';

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
    const [covering, gradient] = [await drawnHeats(sides, 'covering'), await drawnHeats(sides, 'gradient')];
    return {
      result: {
        similarity: found.similarity,
        shares: found.shares,
        drawn: sides.map((_, side) => ({ covering: covering[side], gradient: gradient[side] })),
      },
      transfer: [...covering, ...gradient].map(({ heatmap }) => heatmap.buffer),
    };
  }

  async #open(): Promise<Explainer> {
    const { model, pictureLimits } = this.#settings;
    const engine = await OnnxruntimeEngine.create({ threads: availableParallelism() });
    return Explainer.open(model, engine, pictureLimits);
  }
}

/** The heat of both pictures by one of the ways to find it, by one scale. */
async function drawnHeats(sides: readonly ExplainedPicture[], by: HeatKind): Promise<DrawnHeat[]> {
  const drawn = drawHeats(sides.map((side) => ({ picture: side.picture, heat: side[by].heat })));
  const files = await Promise.all(drawn.map(encodePng));
  return sides.map((side, place) => ({ heatmap: new Uint8Array(files[place]), agreement: side[by].agreement }));
}

/** An ordinary file: of a pipe it would be waited for. */
function sourceOf(picture: string | Uint8Array): ImageArgument {
  return typeof picture === 'string' ? { kind: 'file', path: picture } : picture;
}
