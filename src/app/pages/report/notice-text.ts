import { type Html, html } from '../../html/html.ts';

/** A web address within a text, up to where it cannot go on; signs that end a sentence are cut off afterwards. */
const address = /https?:\/\/[^\s<>"']+/g;

/**
 * A plain text as paragraphs and lists: an empty line ends a paragraph, lines that begin with `- ` are the items of a list,
 * and web addresses become links.
 */
export function noticeText(text: string): Html {
  const paragraphs = text.trim().split(/\r?\n\s*\n/);
  return html`${paragraphs.map((paragraph) => {
    const lines = paragraph.split(/\r?\n/);
    const parts: Html[] = [];
    for (let first = 0; first < lines.length; ) {
      const isItem = (line: string) => line.startsWith('- ');
      let end = first + 1;
      while (end < lines.length && isItem(lines[end]) === isItem(lines[first])) end++;
      const some = lines.slice(first, end);
      parts.push(
        isItem(lines[first])
          ? html`<ul>${some.map((line) => html`<li>${withLinks(line.slice(2))}</li>`)}</ul>\n`
          : html`<p>${withLinks(some.join(' '))}</p>\n`,
      );
      first = end;
    }
    return parts;
  })}`;
}

function withLinks(text: string): Html {
  const parts: (Html | string)[] = [];
  let done = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    const url = withoutEnd(found);
    parts.push(text.slice(done, index), html`<a href="${url}" rel="noreferrer">${url}</a>`);
    done = index + url.length;
  }
  parts.push(text.slice(done));
  return html`${parts}`;
}

/** An address without the full stop, comma or bracket behind it; a bracket that was opened within it stays. */
function withoutEnd(found: string): string {
  const shorter = found.replace(/[.,;:!?]+$/, '');
  if (!shorter.endsWith(')') || shorter.includes('(')) return shorter;
  return withoutEnd(shorter.slice(0, -1));
}
