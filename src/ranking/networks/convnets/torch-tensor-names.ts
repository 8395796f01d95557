/** What torchvision calls our parts of a batch normalisation. */
const normalizationParts: Readonly<Record<string, string>> = {
  scale: 'weight',
  bias: 'bias',
  running_mean: 'running_mean',
  running_variance: 'running_var',
};

/**
 * Names that torchvision and timm have for our tensors, by what they call our layers.
 *
 * @param layersOf what both call a layer of a backbone, one after the other where they differ; `path` is its name between the
 * dots, without `backbone`, and `normalized` says that its batch normalisation is meant.
 */
export function torchTensorNames(
  layersOf: (path: readonly string[], normalized: boolean) => readonly string[],
): (ours: string) => readonly string[] {
  return (ours) => {
    const [first, ...rest] = ours.split('.');
    if (first !== 'backbone') return [];
    const last = rest[rest.length - 1];
    const normalized = rest[rest.length - 2] === 'norm';
    const part = normalized ? normalizationParts[last] : last;
    return layersOf(rest, normalized).map((layer) => `${layer}.${part}`);
  };
}

/** The place of a dense layer of a backbone: 1 or 2 for `dense1` and `dense2`, undefined for another layer. */
export function densePlace(layer: string): number | undefined {
  const [, place] = /^dense([12])$/.exec(layer) ?? [];
  return place === undefined ? undefined : Number(place);
}
