import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, Html, html } from './html.ts';

/** Reads the references back, each for itself. */
const readBack = (markup: string) =>
  markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe('escapeHtml', () => {
  it('leaves nothing that ends a text or an attribute, and can be read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", 'a', 'é', 'amp;') }), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']/);
        expect(readBack(escaped)).toBe(text);
      }),
    );
  });
});

it('shows what would turn the direction of a page, or is no character of one', () => {
  expect(escapeHtml('a\u202eb\u0007\n\t"\ud83d')).toBe('a\\u202eb\\x07\n\t&quot;\\ud83d');
});

describe('html', () => {
  it('escapes text, keeps markup, joins arrays and leaves out undefined', () => {
    const name = `a "quoted" <b> & 'c'`;
    const item = html`<li title="${name}">${name}</li>`;
    const escaped = 'a &quot;quoted&quot; &lt;b&gt; &amp; &#39;c&#39;';
    expect(item.markup).toBe(`<li title="${escaped}">${escaped}</li>`);
    expect(html`<ol>${[item, html`<li>${1.5}</li>`]}${undefined}</ol>`.markup).toBe(
      `<ol>${item.markup}<li>1.5</li></ol>`,
    );
  });

  it('works without anything put in, and with nothing around it', () => {
    expect(html`<hr>`.markup).toBe('<hr>');
    expect(html`${new Html('<i>')}${'<i>'}`.markup).toBe('<i>&lt;i&gt;');
  });
});
