/** Two sides did not do the same work: a figure of them would mean nothing. */
export class OtherWork extends Error {}

/**
 * A check that every run says the same of each fact in `same` as the first one did, and nearly the same of each in `close`,
 * and that ours is no smaller in what is to be `noWorse`.
 *
 * @param {Pick<import('./entry.mjs').Entry, 'name' | 'same' | 'close' | 'noWorse'>} entry
 * @returns {(side: string, run: Record<string, unknown>) => void} throws `OtherWork` with the fact and what each side said.
 */
export function sameWorkCheck({ name, same, close = {}, noWorse = [] }) {
  /** @type {{ side: string, run: Record<string, unknown> } | undefined} */
  let first;
  /** @type {Map<string, { least?: number, most?: number }>} The least of ours and the most of a peer. */
  const reached = new Map(noWorse.map((fact) => [fact, {}]));
  return (side, run) => {
    first ??= { side, run };
    for (const fact of [...same, ...Object.keys(close)]) {
      const [a, b] = [first.run[fact], run[fact]];
      const fits = fact in close ? Math.abs(Number(a) - Number(b)) <= close[fact] : a !== undefined && a === b;
      if (fits) continue;
      throw new OtherWork(
        `${name}: '${first.side}' and '${side}' did not do the same work: ${fact} is ${a} and ${b}; mend the one that is wrong`,
      );
    }
    for (const [fact, found] of reached) {
      const value = Number(run[fact]);
      if (side.startsWith('ours')) found.least = Math.min(value, found.least ?? value);
      else found.most = Math.max(value, found.most ?? value);
      if (found.least === undefined || found.most === undefined || found.least >= found.most) continue;
      throw new OtherWork(
        `${name}: our ${fact} is ${found.least}, below the peer's ${found.most}: give ours more work`,
      );
    }
  };
}
