import type { AloneProgress } from './protocol.ts';

/** Who hears of a call's work, and who may stop it. */
export interface CallWork {
  readonly tell: (progress: AloneProgress) => void;
  readonly signal: AbortSignal;
}

/** Lets messages come in, such as that the work is to stop. */
export function nextTurn(): Promise<void> {
  return new Promise((turn) => setTimeout(turn));
}
