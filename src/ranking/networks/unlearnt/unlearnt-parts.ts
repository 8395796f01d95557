import type { Value } from '../../../graph/builder/graph.ts';
import type { TrunkConfig, UnlearntPartConfig } from '../trunk-config.ts';
import { colourLength, colourShares } from './colour-shares.ts';
import { lowResolution, lowResolutionLength } from './low-resolution.ts';
import { hasContours, smallContourLength, smallContours } from './small-contours.ts';

/** Features that nothing is learnt for, as a part of an embedding beside a trunk's. */
interface UnlearntPart {
  /** What people call it. */
  readonly words: string;
  /** [N, 3, H, W], values in 0..1, to [N, F] of unit length. */
  readonly build: (image: Value) => Value;
  /** How many numbers that gives, F; 0 for pictures that are too small for it. */
  readonly length: (height: number, width: number) => number;
}

/**
 * Levels of each channel, and pixels of the shorter side at least, of the shares of colours: what is drawn in few colours is told
 * apart by exact ones, which fewer levels and pixels would mix.
 */
const colours = { levels: 10, side: 112 };

/** The parts, by the names that configurations and layers have, in the order in which their features stand. */
export const unlearntParts = {
  contours: {
    words: 'oriented gradients',
    build: smallContours,
    length: (height, width) => (hasContours(height, width) ? smallContourLength(height, width) : 0),
  },
  colours: {
    words: 'colours',
    build: (image) => colourShares(image, colours.levels, colours.side),
    length: () => colourLength(colours.levels),
  },
  lowResolution: { words: 'low resolution', build: lowResolution, length: lowResolutionLength },
} as const satisfies Readonly<Record<string, UnlearntPart>>;

/** The name of a part. */
export type UnlearntPartName = keyof typeof unlearntParts;

const names = Object.keys(unlearntParts) as UnlearntPartName[];

/** The parts that pictures of a size can have. */
export const possibleParts = (height: number, width: number): readonly UnlearntPartName[] =>
  names.filter((name) => unlearntParts[name].length(height, width) > 0);

/** The parts that a trunk's configuration has, in their order. */
export function configuredParts(
  config: Pick<TrunkConfig, UnlearntPartName>,
): (readonly [UnlearntPartName, UnlearntPartConfig])[] {
  return names.flatMap((name) => {
    const part = config[name];
    return part === undefined ? [] : [[name, part] as const];
  });
}
