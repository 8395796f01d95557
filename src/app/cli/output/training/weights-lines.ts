import { counted } from '../../../../foundation/text/counted.ts';
import type { PassedOver } from '../../../../training/weights/assign-weights.ts';
import type { LoadedWeights } from '../../../../training/weights/load-weights.ts';

/** Tensors of one reason that are named before the rest are counted. */
const mostNamed = 4;

/** What came of a file of weights, for people: what was loaded, what was passed over, and why. */
export function weightsLines({ file, convention, loaded, skipped, drawn, pixels }: LoadedWeights): string[] {
  return [
    `weights: ${counted(loaded.length, 'tensor')} of the network from '${file}', by ${convention}`,
    ...byReason(skipped).map(([reason, names]) => `  not used: ${names}: ${reason}`),
    ...byReason(drawn).map(([reason, names]) => `  starts at random: ${names}: ${reason}`),
    `  pixels enter with ${pixels.text}`,
  ];
}

/** The same as a document: every tensor by name. */
export function weightsDocument({ file, format, sha256, convention, loaded, skipped, drawn, pixels }: LoadedWeights) {
  const named = ({ name, reason }: PassedOver) => ({ name, reason });
  return {
    file,
    format,
    sha256,
    convention,
    loaded: loaded.map(({ name, from }) => ({ name, from })),
    skipped: skipped.map(named),
    drawn: drawn.map(named),
    pixels: pixels.text,
  };
}

function byReason(passed: readonly PassedOver[]): [reason: string, names: string][] {
  const groups = new Map<string, string[]>();
  for (const { name, reason } of passed) groups.set(reason, [...(groups.get(reason) ?? []), name]);
  return [...groups].map(([reason, names]) => {
    const more = names.length - mostNamed;
    const few = names.slice(0, mostNamed).join(', ');
    return [reason, more > 0 ? `${few} and ${more} more` : few];
  });
}
