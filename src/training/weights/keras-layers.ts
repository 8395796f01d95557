import { ModelError } from '../../foundation/errors/model-error.ts';
/** The kernel and the bias of a layer, by their paths in an HDF5 file. */
export interface KerasLayer {
  kernel?: string;
  bias?: string;
}

/**
 * The layers of a Keras file by name. A tensor's path ends in its layer and its variable: `block1_conv1/kernel:0`,
 * `model_weights/dense_1/dense_1/kernel`, or, in files of 2016, `block1_conv1/block1_conv1_W_1:0`; in Keras 3's `.weights.h5` in
 * a layer and the number of its variable: `layers/conv2d_1/vars/0` is a kernel, `…/1` its bias. The optimiser's own tensors are
 * passed over.
 *
 * @throws if two tensors would be the same variable of one layer.
 */
export function kerasLayers(paths: Iterable<string>): Map<string, KerasLayer> {
  const layers = new Map<string, KerasLayer>();
  for (const path of paths) {
    const parts = path.split('/');
    if (parts.length < 2 || parts[0].startsWith('optimizer')) continue;
    const isNumbered = parts[parts.length - 2] === 'vars';
    const name = parts[parts.length - (isNumbered ? 3 : 2)];
    const last = parts[parts.length - 1];
    const variable = isNumbered ? numberedVariables.get(last) : variableOf(last);
    if (name === undefined) continue;
    if (variable === undefined) continue;
    const layer = layers.get(name) ?? {};
    const known = layer[variable];
    if (known !== undefined) {
      throw new ModelError(
        `'${known}' and '${path}' would both be the ${variable} of the layer '${name}': save the weights of one model alone`,
      );
    }
    layer[variable] = path;
    layers.set(name, layer);
  }
  return layers;
}

/** In the order in which Keras's convolutions and dense layers make them. */
const numberedVariables: ReadonlyMap<string, 'kernel' | 'bias'> = new Map([
  ['0', 'kernel'],
  ['1', 'bias'],
]);

/** True if these are the paths of a file of Keras 3's `save_weights`, which has layers by class and number, without their names. */
export function areNumberedVariables(paths: Iterable<string>): boolean {
  return [...paths].some((path) => /(^|\/)vars\/\d+$/.test(path) && !path.startsWith('optimizer'));
}

function variableOf(last: string): 'kernel' | 'bias' | undefined {
  const name = last.replace(/:\d+$/, '');
  if (/(^|_)(kernel|W)(_\d+)?$/.test(name)) return 'kernel';
  return /(^|_)(bias|b)(_\d+)?$/.test(name) ? 'bias' : undefined;
}

/** The layers that Keras numbered itself, `dense`, `dense_1`, `dense_2` …, in the order in which they were made. */
export function numberedLayers(layers: ReadonlyMap<string, KerasLayer>, kind: 'conv2d' | 'dense'): KerasLayer[] {
  const numberOf = (name: string) => {
    const found = new RegExp(`^${kind}(?:_(\\d{1,9}))?$`).exec(name);
    return found === null ? -1 : Number(found[1] ?? 0);
  };
  return [...layers]
    .filter(([name]) => numberOf(name) >= 0)
    .sort(([a], [b]) => numberOf(a) - numberOf(b))
    .map(([, layer]) => layer);
}
