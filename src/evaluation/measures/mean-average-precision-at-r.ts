import type { Ranking } from './ranking.ts';

/**
 * MAP@R of one query: R-precision that also rewards relevant images for coming early.
 *
 * Formula: `1/R sum_{i=1..R} P(i)`, where P(i) is the precision of the first i neighbours if the i-th is relevant, else 0.
 * The mean over queries gives the measure its name.
 *
 * Source: Musgrave, Belongie and Lim, "A metric learning reality check", 2020, section 3.2, equation 3.
 */
export function meanAveragePrecisionAtR({ relevant, relevantCount }: Ranking): number {
  let found = 0;
  let sum = 0;
  const end = Math.min(relevantCount, relevant.length);
  for (let place = 0; place < end; place++) {
    if (relevant[place] === 0) continue;
    found++;
    sum += found / (place + 1);
  }
  return sum / relevantCount;
}
