import { expect, it } from 'vitest';
import { measuresComparison } from './measures-comparison.ts';

const measured = (value: number) => ({ value, low: value - 0.013, high: value + 0.018 });

/** The texts of a table: rows of cells. */
const cells = (markup: string) =>
  markup
    .split('<tr>')
    .slice(1)
    .map((row) =>
      row
        .split(/<(?=t[hd][ >])/)
        .slice(1)
        .map((cell) =>
          cell
            .replace(/^[^>]*>/, '')
            .replace(/<[^>]+>/g, ' ')
            .trim()
            .split(/\s+/)
            .join(' '),
        ),
    );

it('has a row a measure and a column for each of what was measured', () => {
  const { markup } = measuresComparison([
    { name: 'HOG', values: { recallAt1: measured(0.365), mapAtR: measured(0.181) } },
    { name: 'trained', values: { recallAt1: measured(0.4372), mapAtR: measured(0.25), recallAt10: measured(0.7) } },
  ]);
  expect(cells(markup)).toEqual([
    ['', 'HOG', 'trained'],
    ['Recall@1', '36.5% 35.2–38.3', '43.7% 42.4–45.5'],
    ['MAP@R', '18.1% 16.8–19.9', '25.0% 23.7–26.8'],
  ]);
  expect(markup.match(/scope="col"/g)).toHaveLength(2);
  expect(markup.match(/scope="row"/g)).toHaveLength(2);
  expect(markup).toContain('<th scope="col" class="judged">trained</th>');
  expect(markup).toContain('style="width:43.7%"');
});

it('says what was not measured, and notes what there is to know', () => {
  const { markup } = measuresComparison([
    { name: 'raw <pixels>', values: {}, note: 'at 32 & 64' },
    { name: 'trained', values: { similarityPrecision: measured(0.9) } },
  ]);
  expect(cells(markup)[1].slice(0, 2)).toEqual(['Similarity precision', 'not measured']);
  expect(markup).toContain('<li><strong>raw &lt;pixels&gt;</strong>: at 32 &amp; 64</li>');
});

it('says over what its intervals are', () => {
  const rows = [{ name: 'trained', values: { mapAtR: measured(0.25) } }];
  expect(measuresComparison(rows).markup).toContain('with 95% intervals over the queries.');
  expect(measuresComparison(rows, 'classes').markup).toContain('with 95% intervals over whole classes.');
});
