/** What the page can train, and how long. */
export type Training =
  /** A linear map behind the model that is loaded. */
  | { readonly kind: 'head'; readonly steps: number; readonly seed: number }
  /** The network of the preset `small`, from its first weights. */
  | { readonly kind: 'network'; readonly epochs: number; readonly seed: number };

/** What a training is where nobody chose. */
export const usualTraining = {
  head: { kind: 'head', steps: 150, seed: 0 },
  network: { kind: 'network', epochs: 24, seed: 0 },
} as const satisfies { readonly [Kind in Training['kind']]: Training };
