import type { GoneFolder } from '../../../../catalogue/mirror/indexing/gone-folders.ts';
import type { IndexReport } from '../../../../catalogue/mirror/indexing/index-report.ts';
import { counted } from '../../../../foundation/text/counted.ts';

/** What indexing did, in a line. */
export function countsLine({
  added,
  updated,
  moved,
  removed,
  unchanged,
  described,
}: Omit<IndexReport, 'metadata'>): string {
  const counts = [`${added} added`, `${updated} updated`, `${removed} removed`, `${unchanged} unchanged`];
  if (moved > 0) counts.splice(2, 0, `${moved} moved`);
  return described > 0 ? `${counts.join(', ')} (${described} with other data)` : counts.join(', ');
}

/** How many gone folders are named in the text; JSON has them all. */
const namedFolders = 5;

/** Which folders are gone, as warnings. */
export function goneLines(folders: readonly GoneFolder[]): string[] {
  const lines = folders
    .slice(0, namedFolders)
    .map(
      ({ folder, images }) =>
        `the folder '${folder}' is gone or empty: ${counted(images, 'image')} removed from the store`,
    );
  if (folders.length > namedFolders)
    lines.push(`${folders.length - namedFolders} more folders are gone (--json lists all)`);
  if (lines.length > 0) lines.push('if they are on a disk that is not mounted, mount it and index again');
  return lines;
}
