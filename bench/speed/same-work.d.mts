/** Two sides did not do the same work: a figure of them would mean nothing. */
export class OtherWork extends Error {}

/** What an entry wants of the facts that its sides print. */
export interface WantedFacts {
  readonly name: string;
  /** Facts that must be equal. */
  readonly same: readonly string[];
  /** Facts that may differ by so much. */
  readonly close?: Readonly<Record<string, number>>;
  /** Facts that must be at least as large on our side as on the peer's. */
  readonly noWorse?: readonly string[];
}

/** A check of every run against the first and the best. @throws OtherWork with the fact and what each side said. */
export function sameWorkCheck(wanted: WantedFacts): (side: string, run: Readonly<Record<string, unknown>>) => void;
