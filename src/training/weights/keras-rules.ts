import { ModelError } from '../../foundation/errors/model-error.ts';
import { pathGeometries } from '../../ranking/networks/multi-scale.ts';
import type { NetworkConfig } from '../../ranking/networks/network-config.ts';
import { areNumberedVariables, type KerasLayer, kerasLayers, numberedLayers } from './keras-layers.ts';
import { channelsFirst, type FlatMap, flatLength, hwioToOihw, ioToOi } from './layouts.ts';
import { caffePixels, type PixelRule, unitPixels } from './pixel-rule.ts';
import type { WeightRule, WeightRules } from './weight-rule.ts';

/** Rules for a Keras file, and how the pixels have to enter with its weights. */
export interface KerasRules extends WeightRules {
  readonly pixels: PixelRule;
}

/**
 * Rules for the HDF5 file of a Keras VGG16: `keras.applications`' (`block1_conv1` to `block5_conv3`), or that of the article's
 * whole network, which has two more convolutions and three dense layers. Keras 3's `save_weights` leaves names out: there the
 * thirteen convolutions stand in their order. Keras numbered those as it made them: the dense layers
 * of the ConvNet come first, then the paths, then the embedding.
 *
 * Kernels are turned from HWIO to OIHW and from in-out to out-in. The embedding's inputs are also put in our order: the article
 * joins path 1, path 2, ConvNet, and flattens its paths channels last; here the ConvNet comes first, and channels first.
 *
 * Source: Zingade's `deepRanking.py`; Keras's own VGG16.
 *
 * @param paths of the tensors in the file.
 * @throws as `kerasLayers` does.
 */
export function kerasRules(paths: readonly string[], config: NetworkConfig): KerasRules {
  const found = kerasLayers(paths);
  const isKeras3 = areNumberedVariables(paths);
  const layers = isKeras3 ? withBlockNames(found) : found;
  const convolutions = numberedLayers(layers, 'conv2d');
  const dense = numberedLayers(layers, 'dense');
  const whole = !isKeras3 && convolutions.length === 2 && dense.length === 3;
  const pixels = whole ? unitPixels : caffePixels;
  const first = whole ? undefined : (c: number, channels: number) => channels - 1 - c;
  return {
    convention: whole
      ? "the article's deep ranking network, as Keras numbers its layers"
      : isKeras3
        ? "Keras 3's save_weights, convolutions in their order"
        : "Keras's names",
    pixels,
    ruleOf(ours) {
      const [part, layer] = ours.split('.');
      const variable = ours.endsWith('.weight') ? 'kernel' : 'bias';
      const block = /^conv(\d)_(\d)$/.exec(layer);
      if (part === 'backbone' && block !== null) {
        const name = `block${block[1]}_conv${block[2]}`;
        const from = [layers.get(name)?.[variable] ?? `${name}/${variable}`];
        if (variable === 'bias') return { from, required: true };
        return { from, required: true, convert: (x) => hwioToOihw(x, layer === 'conv1_1' ? first : undefined) };
      }
      if (!whole) return undefined;
      const denseLayer = /^dense([12])$/.exec(layer);
      if (part === 'backbone' && denseLayer !== null) {
        return rule(dense[Number(denseLayer[1]) - 1], variable, (x) => ioToOi(x));
      }
      if (config.paths !== 'strided') return undefined;
      if (part === 'path1' || part === 'path2') {
        return rule(convolutions[part === 'path1' ? 0 : 1], variable, (x) => hwioToOihw(x));
      }
      if (part !== 'embedding') return undefined;
      return rule(dense[2], variable, (x) => ioToOi(x, joinedColumn(x.shape[0], flatPaths(config))));
    },
  };
}

/** VGG16's convolutions in their order. */
const blockNames = [2, 2, 3, 3, 3].flatMap((count, block) =>
  Array.from({ length: count }, (_, place) => `block${block + 1}_conv${place + 1}`),
);

/**
 * The layers of a file of Keras 3's `save_weights`, which calls convolutions `conv2d`, `conv2d_1`, … in the order of the model's
 * layers, by VGG16's names. Some versions write the layers' own names.
 *
 * @throws if there are neither VGG16's names nor as many convolutions as it has.
 */
function withBlockNames(layers: ReadonlyMap<string, KerasLayer>): ReadonlyMap<string, KerasLayer> {
  if (blockNames.some((name) => layers.has(name))) return layers;
  const convolutions = numberedLayers(layers, 'conv2d');
  if (convolutions.length !== blockNames.length) {
    throw new ModelError(
      `it was written by Keras 3's save_weights, which leaves out the names of layers, and has ${convolutions.length} ` +
        `convolutions where VGG16 has ${blockNames.length}: save the whole model as HDF5, with model.save('x.h5')`,
    );
  }
  return new Map([...layers, ...blockNames.map((name, place) => [name, convolutions[place]] as const)]);
}

function rule(
  layer: KerasLayer,
  variable: 'kernel' | 'bias',
  convert: NonNullable<WeightRule['convert']>,
): WeightRule | undefined {
  const from = layer[variable];
  if (from === undefined) return undefined;
  return variable === 'bias' ? { from: [from], required: false } : { from: [from], required: false, convert };
}

/** What the paths of a network flatten. All their layers are padded SAME, so that every length is divided and rounded up. */
function flatPaths(config: NetworkConfig): FlatMap[] {
  return pathGeometries(config).map(({ subsample, stride, pool, filters }) => {
    const after = (length: number) => [subsample, stride, pool.stride].reduce((n, by) => Math.ceil(n / by), length);
    return { places: after(config.height) * after(config.width), channels: filters };
  });
}

/** Where a feature of the article's joined vector (paths, then ConvNet) is in ours (ConvNet, then paths). */
function joinedColumn(features: number, paths: readonly FlatMap[]): (i: number) => number {
  const [first, second] = paths;
  const [firstLength, secondLength] = paths.map(flatLength);
  const main = features - firstLength - secondLength;
  const [inFirst, inSecond] = [channelsFirst(first), channelsFirst(second)];
  return (i) => {
    if (i < firstLength) return main + inFirst(i);
    if (i < firstLength + secondLength) return main + firstLength + inSecond(i - firstLength);
    return i - firstLength - secondLength;
  };
}
