import { expect, it } from 'vitest';
import { alikeLine } from './alike-line.ts';

it('says what is likely, of which share, and on how many pairs it rests', () => {
  expect(alikeLine({ balanced: 0.871, natural: 0.0213, pairs: 412, verdict: 'alike' })).toBe(
    'probably alike: 87.1% of pairs at this distance were of one class, had half of all pairs been; 2.1% of all pairs as they came (412 pairs near here)',
  );
  expect(alikeLine({ balanced: 0.5, natural: 0.1, pairs: 30, verdict: 'unsure' })).toMatch(/^unsure: 50.0%/);
});
