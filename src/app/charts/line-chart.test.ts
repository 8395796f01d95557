import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChartPoint, lineChart } from './line-chart.ts';

const base = { description: 'loss', valueName: 'loss' };

/** The corners of the path of a class. */
function corners(markup: string, name: string): number[][] {
  const [, path] = new RegExp(`class="${name}" d="([^"]*)"`).exec(markup) ?? [];
  expect(path).toMatch(/^M[^M]*$/);
  return path
    .replace(/Z$/, '')
    .slice(1)
    .split('L')
    .map((pair) => pair.split(' ').map(Number));
}

/** Where the labels of an axis are: text to place. */
function labels(markup: string, name: string): Map<string, { x: number; y: number }> {
  const [, group] = new RegExp(`<g class="${name}">(.*?)</g>`, 's').exec(markup) ?? [];
  const texts = group.matchAll(/<text x="([^"]+)" y="([^"]+)"[^>]*>([^<]+)<\/text>/g);
  return new Map([...texts].map(([, x, y, text]) => [text, { x: Number(x), y: Number(y) }]));
}

describe('lineChart', () => {
  it('draws points where the labels of the axes say that they are', () => {
    const points = [
      { step: 0, value: 10 },
      { step: 50, value: 0 },
      { step: 100, value: 5 },
    ];
    const { markup } = lineChart({ ...base, points });
    const values = labels(markup, 'chart-values');
    const steps = labels(markup, 'chart-steps');
    expect([...values.keys()]).toEqual(['0', '2', '4', '6', '8', '10']);
    expect([...steps.keys()]).toEqual(['0', '20', '40', '60', '80', '100']);
    const line = corners(markup, 'chart-line');
    expect(line[0]).toEqual([steps.get('0')!.x, values.get('10')!.y]);
    expect(line[1]).toEqual([(steps.get('40')!.x + steps.get('60')!.x) / 2, values.get('0')!.y]);
    expect(line[2]).toEqual([steps.get('100')!.x, (values.get('4')!.y + values.get('6')!.y) / 2]);
    expect(values.get('0')!.y).toBeGreaterThan(values.get('10')!.y);
  });

  it('draws a logarithmic axis and says so', () => {
    const points = [1, 10, 100].map((value, step) => ({ step, value }));
    const { markup } = lineChart({ ...base, points });
    const line = corners(markup, 'chart-line').map(([, y]) => y);
    expect(line[0] - line[1]).toBeCloseTo(line[1] - line[2], 1);
    expect(markup).toContain('loss (logarithmic)');
  });

  it('draws intervals as a band around the line', () => {
    const points = [
      { step: 1, value: 0.2, interval: { low: 0.1, high: 0.3 } },
      { step: 2, value: 0.4, interval: { low: 0.3, high: 0.6 } },
    ];
    const { markup } = lineChart({ ...base, points, format: 'percent', include: [1], dots: true });
    const heights = labels(markup, 'chart-values');
    const height = (share: number) => heights.get('0%')!.y + share * (heights.get('100%')!.y - heights.get('0%')!.y);
    const line = corners(markup, 'chart-line');
    const band = corners(markup, 'chart-band');
    expect(band.map(([x]) => x)).toEqual([line[0][0], line[1][0], line[1][0], line[0][0]]);
    for (const [corner, share] of [0.3, 0.6, 0.3, 0.1].entries()) expect(band[corner][1]).toBeCloseTo(height(share), 1);
    expect(markup.match(/<circle/g)).toHaveLength(2);
  });

  it('stays within its frame whatever the values, and one point is enough', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (values) => {
        const points: ChartPoint[] = values.map((one, step) => ({ step, value: one }));
        const { markup } = lineChart({ ...base, points });
        const line = corners(markup, 'chart-line');
        expect(line).toHaveLength(points.length);
        for (const [x, y] of line) {
          expect(x).toBeGreaterThanOrEqual(66);
          expect(x).toBeLessThanOrEqual(458);
          expect(y).toBeGreaterThanOrEqual(30);
          expect(y).toBeLessThanOrEqual(230);
        }
        expect(markup).not.toMatch(/NaN|Infinity|undefined/);
      }),
    );
  });

  it('escapes its texts and names no other place', () => {
    const { markup } = lineChart({ points: [{ step: 1, value: 1 }], description: '"><script>', valueName: '<b>' });
    expect(markup).toContain('aria-label="&quot;&gt;&lt;script&gt;"');
    expect(markup).toContain('>&lt;b&gt;</text>');
    expect(markup).not.toMatch(/https?:|xlink|href/);
  });

  it('refuses an empty chart', () => {
    expect(() => lineChart({ ...base, points: [] })).toThrow('at least one value: leave the chart out');
  });
});
