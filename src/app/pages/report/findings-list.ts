import type { Finding } from '../../../training/doctor/finding.ts';
import { type Html, html } from '../../html/html.ts';
import { pageImage } from '../../html/page-image.ts';
import type { ReportPicture } from '../../html/picture-png.ts';

/** Entries of a finding that are shown with their pictures; the others are told by their number. */
export const shownEntries = 12;

/**
 * What the doctor found: what was seen, what it means and what to change of each, and the pictures it is about. `pictures`
 * has them by their names; a picture that it lacks is told by its name alone.
 */
export function findingsList(findings: readonly Finding[], pictures: ReadonlyMap<string, ReportPicture>): Html {
  return html`<ol class="findings">${findings.map(
    ({ title, seen, meaning, remedy, images }) => html`
<li class="finding"><h3>${title}</h3>
<dl><div><dt>Seen</dt><dd>${seen}</dd></div><div><dt>Meaning</dt><dd>${meaning}</dd></div><div><dt>To do</dt><dd>${remedy}</dd></div></dl>${
      images.length === 0 ? undefined : evidence(images, pictures)
    }</li>`,
  )}
</ol>`;
}

function evidence(images: Finding['images'], pictures: ReadonlyMap<string, ReportPicture>): Html {
  const more = images.length - shownEntries;
  return html`
<ul class="evidence">${images.slice(0, shownEntries).map(
    ({ ids, note }) => html`
<li><span class="pictures">${ids.slice(0, mostTogether).map((id) => {
      const picture = pictures.get(id);
      return picture === undefined ? undefined : pageImage(picture, id);
    })}</span>
<span class="names"><strong>${ids.slice(0, mostTogether).join(', ')}${ids.length > mostTogether ? ' …' : ''}</strong> ${note}</span></li>`,
  )}
</ul>${more > 0 ? html`\n<p class="empty">And ${more} more; the command doctor lists them.</p>` : undefined}`;
}

/** Pictures of one entry that are shown beside each other. */
const mostTogether = 3;

/** The names of the pictures that `findingsList` shows. */
export function shownPictures(findings: readonly Finding[]): string[] {
  const ids = findings.flatMap(({ images }) =>
    images.slice(0, shownEntries).flatMap((entry) => entry.ids.slice(0, mostTogether)),
  );
  return [...new Set(ids)];
}
