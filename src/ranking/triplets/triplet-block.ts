/**
 * Some triplets of a stream: the indexes of query, positive and negative of each in turn, three numbers a triplet. Whoever
 * gives blocks may use the memory again: a block holds until the next one is asked for.
 */
export type TripletBlock = Uint32Array;
