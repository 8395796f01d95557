import { describe, expect, it } from 'vitest';
import { neighbourRows } from './neighbour-rows.ts';

const picture = (name: string) => ({ name, uri: 'data:image/png;base64,aGk=', width: 8, height: 6 });

describe('neighbourRows', () => {
  it('marks relevant pictures by class, tick and words, and no others', () => {
    const { markup } = neighbourRows([
      {
        query: picture('apple'),
        results: [
          { picture: picture('red apple'), distance: 0.1, relevant: true },
          { picture: picture('pear'), distance: 0.456, relevant: false },
        ],
      },
    ]);
    const [, relevant, other] = markup.split(/<li class="(?=relevant|other)/);
    expect(relevant).toMatch(/^relevant".*alt="red apple, relevant" title="red apple".*class="tick".*>0\.10</s);
    expect(other).toMatch(/^other".*alt="pear" title="pear".*>0\.46</s);
    expect(other).not.toContain('tick');
    expect(markup).toContain('alt="Query: apple"');
    expect(markup).toContain('width="8" height="6"');
    expect(markup).toContain('--columns:2');
  });

  it('has at most ten columns, and at least one', () => {
    const results = Array.from({ length: 12 }, () => ({ picture: picture('a'), distance: 1, relevant: false }));
    expect(neighbourRows([{ query: picture('a'), results }]).markup).toContain('--columns:10');
    expect(neighbourRows([{ query: picture('a'), results: [] }]).markup).toContain('--columns:1');
  });

  it('escapes names', () => {
    const { markup } = neighbourRows([{ query: picture('"><script>'), results: [] }]);
    expect(markup).toContain('alt="Query: &quot;&gt;&lt;script&gt;" title="&quot;&gt;&lt;script&gt;"');
    expect(markup).not.toContain('<script');
  });

  it.each(['https://example.org/a.png', 'a.png', 'data:text/html;base64,aGk=', 'data:image/png;base64,"onload'])(
    'refuses the picture %s',
    (uri) => {
      const query = { ...picture('apple'), uri };
      expect(() => neighbourRows([{ query, results: [] }])).toThrow("picture 'apple' must be a data URI with base64");
    },
  );
});
