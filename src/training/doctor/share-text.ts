/** A share of 1 in percent with two digits: `33%`, `0.045%`. */
export function shareText(share: number): string {
  return `${Number((100 * share).toPrecision(2))}%`;
}

/** A measure, a share of 1, as tables have it: in percent with one decimal. */
export function measureText(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
