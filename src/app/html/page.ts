import { lookalikeVersion } from '../../foundation/lookalike-version.ts';
import { Html, html } from './html.ts';
import { pageStyle } from './page-style.ts';

/** A part of a page under its own heading. */
export interface PageSection {
  readonly id: string;
  readonly title: string;
  /** A sentence or two under the heading. */
  readonly lead?: Html;
  readonly content: Html;
}

/** A page but for its frame. */
export interface PageContent {
  readonly title: string;
  /** What kind of page it is, above the title. */
  readonly kind: string;
  readonly lead: string;
  /** What comes before the first section. */
  readonly top: Html;
  readonly sections: readonly PageSection[];
}

/**
 * A whole page in one text. It needs nothing else: styles and pictures are within it, it has no script, and its content
 * policy forbids the browser to fetch anything.
 */
export function page({ title, kind, lead, top, sections }: PageContent): string {
  const { name, version } = lookalikeVersion();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Html(pageStyle)}</style>
</head>
<body>
<div class="page">
<header>
<p class="eyebrow">${kind}</p>
<h1>${title}</h1>
<p class="lead">${lead}</p>
</header>
<main>
${top}
${sections.map(
  (section) => html`<section class="section" aria-labelledby="${section.id}">
<h2 id="${section.id}">${section.title}</h2>
${section.lead === undefined ? undefined : html`<p class="lead">${section.lead}</p>\n`}${section.content}
</section>
`,
)}</main>
<footer class="made">Made with ${name} ${version}.</footer>
</div>
</body>
</html>
`.markup;
}
