/** The parts of a dataset that comes divided: what is learnt from, and what is kept for judging. */
export type DatasetPart = 'train' | 'test';

/** The path and the part of `path#train` or `path#test`; a path without either has no part. */
export function splitPart(location: string): { readonly path: string; readonly part: DatasetPart | undefined } {
  const match = /^(.+)#(train|test)$/s.exec(location);
  if (match === null) return { path: location, part: undefined };
  return { path: match[1], part: match[2] === 'train' ? 'train' : 'test' };
}
