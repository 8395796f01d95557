/** A share of 1 in percent, with one decimal: `43.7%`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
