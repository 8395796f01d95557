import { spread } from './spread.mjs';

/**
 * A figure of an entry with its numbers, as it goes into the results.
 *
 * @typedef {{ median: number, low: number, high: number }} Spread
 * @typedef {import('./entry.mjs').Figure & {
 *   missing?: string, value?: Spread, reached?: boolean, oursAt?: Spread, peerAt?: Spread & { side: string },
 *   points?: { images: number, seconds: Spread, peakBytes: Spread }[],
 * }} MeasuredFigure
 *
 * Ratios are of the medians; their spread is that of the ratios of single rounds.
 *
 * @param {import('./entry.mjs').Figure} figure
 * @param {Readonly<Record<string, readonly Record<string, number>[]>>} runs of each side
 * @param {Readonly<Record<string, string>>} missing reasons of sides that were not run
 * @returns {MeasuredFigure}
 */
export function measureFigure(figure, runs, missing) {
  if (figure.kind === 'share') {
    const value = spread(valuesOf(runs['ours'], figure.quantity));
    return judged({ ...figure, value, oursAt: spread(valuesOf(runs['ours'], 'seconds')) });
  }
  return figure.kind === 'growth' ? growth(figure, runs) : ratio(figure, runs, missing);
}

function ratio(figure, runs, missing) {
  const own = valuesOf(runs['ours'], figure.quantity);
  const oursAt = spread(own);
  const ran = figure.against.filter((side) => (runs[side] ?? []).length > 0);
  if (ran.length === 0) {
    return {
      ...figure,
      oursAt,
      missing: figure.against.map((side) => missing[side]).find((reason) => reason !== undefined),
    };
  }
  const sides = ran.map((side) => {
    const values = valuesOf(runs[side], figure.quantity);
    return { side, values, at: spread(values) };
  });
  const best = sides.reduce((a, b) => (b.at.median < a.at.median ? b : a));
  const over = (mine, theirs) => (figure.atMost === undefined ? theirs / mine : mine / theirs);
  const rounds = own.flatMap((mine, round) =>
    best.values[round] === undefined ? [] : [over(mine, best.values[round])],
  );
  const value = { ...spread(rounds), median: over(oursAt.median, best.at.median) };
  return judged({ ...figure, value, oursAt, peerAt: { side: best.side, ...best.at } });
}

function growth(figure, runs) {
  const points = figure.ours.map((side) => ({
    images: runs[side][0].images,
    seconds: spread(valuesOf(runs[side], 'seconds')),
    peakBytes: spread(valuesOf(runs[side], 'peakBytes')),
  }));
  const [first, last] = [points[0], points.at(-1)];
  // Time may grow as the images do, memory should not grow at all.
  const per = figure.quantity === 'seconds' ? last.images / first.images : 1;
  const rounds = runs[figure.ours[0]].map(
    (run, round) => runs[figure.ours.at(-1)][round][figure.quantity] / per / run[figure.quantity],
  );
  const median = last[figure.quantity].median / per / first[figure.quantity].median;
  return judged({ ...figure, value: { ...spread(rounds), median }, points });
}

function judged(figure) {
  const { atLeast, atMost, value } = figure;
  if (atLeast !== undefined) return { ...figure, reached: value.median >= atLeast };
  if (atMost !== undefined) return { ...figure, reached: value.median <= atMost };
  return figure;
}

function valuesOf(runs, quantity) {
  return runs.map((run) => {
    if (typeof run[quantity] === 'number') return run[quantity];
    throw new Error(`a run says nothing of ${quantity}`);
  });
}
