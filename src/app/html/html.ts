import { printable } from '../../foundation/text/printable.ts';

/** Markup that may go into a page as it is: made by `html`, so that every text in it has been escaped. */
export class Html {
  constructor(readonly markup: string) {}
}

/** What `html` takes between its pieces: text and numbers are escaped, markup is not; `undefined` leaves nothing. */
export type HtmlContent = string | number | Html | readonly HtmlContent[] | undefined;

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text as HTML that shows it, good between tags and within a quoted attribute. What would turn the direction of the text
 * around it, and other controls but line breaks and tabs, is shown as `\u202e`; see `printable`.
 */
export function escapeHtml(text: string): string {
  return text.replace(/[^\n\t]+/g, printable).replace(/[&<>"']/g, (character) => references[character]);
}

/**
 * A template tag for HTML and SVG. Whatever is put in is escaped unless it is `Html` already; the items of an array are
 * joined. Attributes have to be quoted: `html\`<img alt="${name}">\``.
 */
export function html(pieces: TemplateStringsArray, ...contents: readonly HtmlContent[]): Html {
  return new Html(pieces.reduce((before, piece, index) => before + markupOf(contents[index - 1]) + piece));
}

function markupOf(content: HtmlContent): string {
  if (content === undefined) return '';
  if (content instanceof Html) return content.markup;
  if (typeof content === 'string') return escapeHtml(content);
  if (typeof content === 'number') return String(content);
  return content.map(markupOf).join('');
}
