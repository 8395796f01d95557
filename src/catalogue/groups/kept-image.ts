/** What decides which of some duplicates to keep. */
export interface KeptCandidate {
  readonly id: string;
  readonly byteLength: number;
  /** In pixels; undefined of an image that cannot be read. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/**
 * The one of some duplicates to keep: that of the most pixels, of those the one of the most bytes, of those the shortest and then the
 * first name in code-unit order. What cannot be read has no pixels.
 */
export function keptImage<Candidate extends KeptCandidate>(candidates: readonly Candidate[]): Candidate {
  const pixels = ({ width = 0, height = 0 }: KeptCandidate) => width * height;
  const [best] = [...candidates].sort(
    (a, b) =>
      pixels(b) - pixels(a) || b.byteLength - a.byteLength || a.id.length - b.id.length || (a.id < b.id ? -1 : 1),
  );
  return best;
}
