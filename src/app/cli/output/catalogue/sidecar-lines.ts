import type { SidecarReport } from '../../../../catalogue/mirror/indexing/image-metadata.ts';
import { counted } from '../../../../foundation/text/counted.ts';

/** Rows of a sidecar that are named in the text; JSON has them all. */
const namedRows = 5;

/** How a sidecar went with the images, as warnings. */
export function sidecarLines({ file, withoutRow, unknown }: SidecarReport): string[] {
  const lines = unknown
    .slice(0, namedRows)
    .map(({ id, line }) => `line ${line} of '${file}' is about '${id}', which is none of the images`);
  if (unknown.length > namedRows) lines.push(`${unknown.length - namedRows} more such lines (--json lists all)`);
  if (withoutRow > 0) lines.push(`${counted(withoutRow, 'image')} without a line in '${file}'`);
  return lines;
}

/** How a sidecar went with the images, as a JSON document has it. */
export function sidecarJson(sidecar: SidecarReport | undefined) {
  return sidecar === undefined ? {} : { metadata: { ...sidecar, unknown: sidecar.unknown.map((one) => ({ ...one })) } };
}
