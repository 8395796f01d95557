import { expect, it } from 'vitest';
import { picturePng } from '../html/picture-png.ts';
import { embeddingMap } from './embedding-map.ts';

it('places pictures by their coordinates, dots where there is no room, and says how much is shown', async () => {
  const picture = await picturePng('<cat>.png', { width: 2, height: 2, data: new Uint8Array(12) });
  const { markup } = embeddingMap({
    places: [
      { x: 0, y: 0, picture },
      { x: 1, y: 1, picture: undefined },
    ],
    shares: [0.3, 0.1],
  });
  // The frame is 1000 x 680, a picture 32: the first lies at the lower left, the second's centre at the upper right.
  expect(markup).toMatch(/<image href="data:image\/png;base64,[^"]+" x="0" y="648" width="32" height="32">/);
  expect(markup).toContain('<title>&lt;cat&gt;.png</title>');
  expect(markup).toContain('<circle cx="984" cy="16" r="3"/>');
  expect(markup).toContain('which show 30.0% and 10.0% of the variance');
  expect(markup).toContain('most of the variance is not shown');
  expect(markup).toContain('tabindex="0"');
});

it('refuses a picture that the page would have to fetch', () => {
  const picture = { name: 'a', uri: 'https://example.org/a.png', width: 1, height: 1 };
  expect(() => embeddingMap({ places: [{ x: 0, y: 0, picture }], shares: [1, 0] })).toThrow(/must be a data URI/);
});
