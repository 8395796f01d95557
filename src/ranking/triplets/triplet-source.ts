import type { Triplet } from './triplet.ts';

/** Where a source stands, as plain JSON: what a checkpoint stores. Each source knows its own fields. */
export type TripletSourceState = { readonly [field: string]: number | readonly number[] };

/** An endless stream of triplets for training, one epoch after the other, that can be continued where it stood. */
export interface TripletSource<State extends TripletSourceState = TripletSourceState> {
  /** Triplets in one epoch. */
  readonly epochLength: number;
  /** The next triplet. It never ends: after the last triplet of an epoch comes the first of the next. */
  next(): Triplet;
  /** Where the stream stands. A source made from this state gives exactly the triplets that this one would. */
  readonly state: State;
}
