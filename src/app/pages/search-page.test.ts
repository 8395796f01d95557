import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { comparisonPage } from './comparison-page.ts';
import { fileLink } from './file-link.ts';
import { pagePicture } from './page-picture.ts';
import { searchPage } from './search-page.ts';

const pixels = (width: number, height: number) => ({
  kind: 'pixels' as const,
  width,
  height,
  channels: 3 as const,
  data: new Uint8Array(width * height * 3).fill(90),
});

it('shows names whole and escaped, in their order, with links, and pictures in their own shape', async () => {
  const evil = `<script>alert("1")</script> & 'x'.png`;
  const escaped = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;.png';
  const picture = await pagePicture(evil, pixels(800, 200), { width: 320, height: 320 });
  expect([picture.width, picture.height]).toEqual([320, 80]);
  const long = 'b'.repeat(200);
  const markup = searchPage({
    lead: 'In a store.',
    searches: [
      {
        query: { name: evil, picture, link: 'a%20b.png', caption: 'Query' },
        results: [
          { name: long, picture, link: undefined, caption: '1 · 0.0000', note: '99.0%, alike' },
          { name: 'gone.png', picture: undefined, link: undefined, caption: '2 · 0.5000' },
        ],
      },
    ],
  });
  expect(markup).not.toContain('<script');
  expect(markup).toContain(`<bdi>${escaped}</bdi>`);
  expect(markup).toContain(`<bdi>${long}</bdi> <span class="note">99.0%, alike</span>`);
  expect(markup).toContain('<a href="a%20b.png"><span class="pane"><img');
  expect(markup).toContain('width="320" height="80"');
  expect(markup.indexOf('1 · 0.0000')).toBeLessThan(markup.indexOf('2 · 0.5000'));
  expect(markup.match(/<img/g)).toHaveLength(2);
  // It needs nothing else.
  expect(markup).not.toMatch(/(src|href)="(?!data:|a%20b)/);
});

it('shows two pictures with their figures', async () => {
  const picture = await pagePicture('a', pixels(4, 8), { width: 320, height: 320 });
  const tile = (name: string) => ({ name, picture, link: undefined, caption: name });
  const figures = [{ name: 'Distance', value: '0.5', detail: 'euclidean' }];
  const markup = comparisonPage({ lead: 'By a model.', pictures: [tile('a & b'), tile('c')], figures });
  expect(markup).toContain('<bdi>a &amp; b</bdi>');
  expect(markup).toContain('<dd class="figure">0.5</dd>');
  expect(markup.match(/<img[^>]*width="4" height="8"/g)).toHaveLength(2);
});

it('links a file from the folder of the page, every sign of its name quoted', () => {
  for (const name of ['a b.png', 'größe#1?.png', '100%.png', 'a:b.png', `"'<>.png`]) {
    const [file, page] = [path.join('/x/pics/wide', name), '/x/out/found.html'];
    const link = fileLink(file, page);
    expect(link).toMatch(/^\.\.\/pics\/wide\/[^"<>#?:\s]+$/);
    expect(new URL(link, pathToFileURL(page)).pathname).toBe(
      pathToFileURL(file).pathname.replaceAll(':', '%3A').replaceAll("'", "'"),
    );
  }
});
