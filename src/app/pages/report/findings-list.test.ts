import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../training/doctor/finding.ts';
import { picturePng } from '../../html/picture-png.ts';
import { findingsList, shownEntries, shownPictures } from './findings-list.ts';

const entries = Array.from({ length: 20 }, (_, k) => ({ ids: [`${k}.png`], note: `note ${k}` }));
const finding = (images: Finding['images']): Finding => ({
  kind: 'label-suspects',
  title: 'Labels <to> look at',
  seen: 'Seen.',
  meaning: 'Meaning.',
  remedy: 'Remedy.',
  numbers: {},
  images,
});

describe('findingsList', () => {
  it('says what was seen, what it means and what to do, with pictures', async () => {
    const picture = await picturePng('0.png', { width: 2, height: 2, data: new Uint8Array(12) });
    const { markup } = findingsList([finding(entries)], new Map([['0.png', picture]]));
    expect(markup).toContain('<h3>Labels &lt;to&gt; look at</h3>');
    expect(markup).toContain('<dt>To do</dt><dd>Remedy.</dd>');
    expect(markup.match(/<img /g)).toHaveLength(1);
    expect(markup).toContain('alt="0.png"');
    expect(markup.match(/class="names"/g)).toHaveLength(shownEntries);
    expect(markup).toContain('And 8 more; the command doctor lists them.');
  });

  it('shows the first few of a large group, and names the pictures that it needs', () => {
    const group = [{ ids: ['a', 'b', 'c', 'd'], note: 'copies' }];
    expect(findingsList([finding(group)], new Map()).markup).toContain('<strong>a, b, c …</strong> copies');
    expect(shownPictures([finding(group), finding(entries)])).toEqual([
      'a',
      'b',
      'c',
      ...entries.slice(0, shownEntries).map(({ ids }) => ids[0]),
    ]);
    expect(findingsList([finding([])], new Map()).markup).not.toContain('evidence');
  });
});
