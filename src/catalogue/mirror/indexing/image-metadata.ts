import type { ImageDataset, ImageRecord } from '../../../pictures/datasets/dataset.ts';
import type { Metadata } from '../../metadata/metadata.ts';
import { rowOfImage, type Sidecar } from '../../metadata/sidecar.ts';
import type { StoredImage } from '../../stores/vector-store.ts';

/** The field that holds the class of an image whose dataset has classes. */
export const classField = 'class';

/** How a sidecar went with the images. */
export interface SidecarReport {
  readonly file: string;
  /** Images that the sidecar has no row for. */
  readonly withoutRow: number;
  /** Rows about images that are not there. */
  readonly unknown: readonly { readonly id: string; readonly line: number }[];
}

/**
 * What is known of an image from now on: its row of the sidecar, or without a sidecar what was known before; and its class,
 * which is the dataset's also where another one is written in the sidecar.
 */
export function metadataOf(
  image: ImageRecord,
  classes: readonly string[],
  sidecar: Sidecar | undefined,
  stored: StoredImage | undefined,
): Metadata | undefined {
  const known = sidecar === undefined ? stored?.metadata : rowOfImage(sidecar, image.id)?.metadata;
  const metadata = { ...known, ...(image.label === undefined ? {} : { [classField]: classes[image.label] }) };
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}

/** How a sidecar goes with the images of a dataset. */
export function sidecarReport(sidecar: Sidecar, { images }: ImageDataset): SidecarReport {
  const told = new Set(images.map(({ id }) => rowOfImage(sidecar, id)));
  const unknown = [...sidecar.rows].filter(([, row]) => !told.has(row)).map(([id, { line }]) => ({ id, line }));
  const withoutRow = images.filter(({ id }) => rowOfImage(sidecar, id) === undefined).length;
  return { file: sidecar.file, withoutRow, unknown };
}
