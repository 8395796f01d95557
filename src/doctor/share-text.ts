/** A share of 1 in percent with two digits: `33%`, `0.045%`. */
export function shareText(share: number): string {
  return `${Number((100 * share).toPrecision(2))}%`;
}
