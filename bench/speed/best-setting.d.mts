/** A way to do the work, and the arguments of a smaller piece of it. */
export interface Setting {
  readonly name: string;
  readonly args: readonly string[];
  readonly trial?: readonly string[];
}

/** Of a peer's settings, the one that is fastest in trials of less work. */
export function bestSettings<S extends Setting>(
  sides: readonly S[],
  figures: readonly { readonly against?: readonly string[] }[],
  measure: (side: S) => Promise<Record<string, unknown> & { seconds: number }>,
  say: (line: string) => void,
): Promise<{
  kept: S[];
  trials: Record<string, number[]>;
  beaten: Record<string, string>;
  failed: Record<string, string>;
}>;
