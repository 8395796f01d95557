/** Two sides did not do the same work: a figure of them would mean nothing. */
export class OtherWork extends Error {}

/**
 * A check that every run says the same of each fact in `same` as the first one did, and nearly the same of each in `close`.
 *
 * @param {Pick<import('./entry.mjs').Entry, 'name' | 'same' | 'close'>} entry
 * @returns {(side: string, run: Record<string, unknown>) => void} throws `OtherWork` with the fact and what each side said.
 */
export function sameWorkCheck({ name, same, close = {} }) {
  /** @type {{ side: string, run: Record<string, unknown> } | undefined} */
  let first;
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
  };
}
