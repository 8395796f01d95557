import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleNotice } from '../../../../test/fixtures/training-report.ts';
import { noticeText } from './notice-text.ts';

const links = (text: string) => [...noticeText(text).markup.matchAll(/href="([^"]*)"/g)].map(([, url]) => url);

describe('noticeText', () => {
  it('makes paragraphs, lists and links', () => {
    expect(noticeText('Made from\nthese sets:\n- A <a@b.c>\n- B, see https://b.org/x.\n\n\nThe end.\n').markup).toBe(
      [
        '<p>Made from these sets:</p>',
        '<ul><li>A &lt;a@b.c&gt;</li><li>B, see <a href="https://b.org/x" rel="noreferrer">https://b.org/x</a>.</li></ul>',
        '<p>The end.</p>',
        '',
      ].join('\n'),
    );
  });

  it('links all addresses of a credit', () => {
    expect(links(sampleNotice)).toEqual([
      'https://github.com/googlefonts/noto-emoji',
      'https://www.apache.org/licenses/LICENSE-2.0',
      'https://github.com/hfg-gmuend/openmoji',
      'https://creativecommons.org/licenses/by-sa/4.0/',
    ]);
  });

  it.each([
    ['(https://a.org)', 'https://a.org'],
    ['https://a.org/b_(c), and', 'https://a.org/b_(c)'],
    ['<https://a.org/?b=1&c=2>', 'https://a.org/?b=1&amp;c=2'],
    ['"https://a.org/"!', 'https://a.org/'],
    ['http://a.org/x).', 'http://a.org/x'],
  ])('cuts the address out of %s', (text, url) => {
    expect(links(text)).toEqual([url]);
  });

  it('links web addresses only', () => {
    expect(links('javascript:alert(1) ftp://a.org data:text/html,x')).toEqual([]);
  });

  it('keeps every word, and lets no markup through', () => {
    const word = fc.constantFrom('a', '<b>', '&', '"x"', 'https://a.org/<c>', '- ', '\n', '\n\n');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const text = words.join(' ');
        const { markup } = noticeText(text);
        expect(markup.replace(/<\/?(p|ul|li|a)( href="[^"<>]*" rel="noreferrer")?>/g, '')).not.toMatch(/[<>"]/);
        const shown = markup
          .replace(/<[^>]+>/g, ' ')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>');
        const letters = (some: string) => some.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replace(/[\s-]/g, '');
        expect(letters(shown)).toBe(letters(text));
      }),
    );
  });
});
