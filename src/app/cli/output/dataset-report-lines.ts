import path from 'node:path';
import { counted } from '../../../foundation/text/counted.ts';
import type { DatasetLayout } from '../../../pictures/datasets/dataset.ts';
import type { DatasetReport, DuplicateGroup, SizeRange } from '../../../pictures/inspection/inspect-dataset.ts';

const layouts: { readonly [L in DatasetLayout]: string } = {
  'class-folders': 'a folder of class folders',
  'flat-folder': 'a folder without class folders',
  imagenet: 'laid out as ImageNet',
  'tiny-imagenet': 'laid out as Tiny ImageNet',
  csv: 'a CSV',
  idx: 'IDX files',
};

/** How many of a list are named; JSON has them all. */
const named = 10;

/** The report on a dataset as text for people. */
export function datasetReportLines(report: DatasetReport): string[] {
  const { classes, passedOver, unreadable, unlabelled, sizes, singleImageClasses } = report;
  const lines = [`${report.root}: ${layouts[report.layout]}`];
  const broken = unreadable.length === 0 ? '' : `, ${unreadable.length} of them unreadable`;
  lines.push(`${counted(report.images, 'image')}${broken}; ${counted(classes.length, 'class', 'classes')}`);
  if (report.division !== undefined) lines.push(...divisionLines(report.root, report.division));
  if (classes.length > 0) {
    const counts = classes.map(({ images }) => images).sort((a, b) => a - b);
    const median = counts[(counts.length - 1) >> 1];
    lines.push(`images a class: ${counts[0]} to ${counts[counts.length - 1]}, median ${median}`);
  }
  if (unlabelled > 0) lines.push(`${counted(unlabelled, 'image')} of no class`);
  if (sizes !== undefined) lines.push(`width ${range(sizes.width)}; height ${range(sizes.height)}`);
  const parts: [string, readonly string[]][] = [
    ['classes with a single image, which can only be a negative', singleImageClasses],
    ['passed over', passedOver.map(({ id, reason }) => `${id}: ${reason}`)],
    ['unreadable images', unreadable.map(({ id, reason }) => `${id}: ${reason}`)],
    ['groups of identical files within a class', report.duplicatesWithinClasses.map(group)],
    ['groups of identical files in different classes: one label is wrong', report.duplicatesAcrossClasses.map(group)],
  ];
  for (const [title, items] of parts) {
    if (items.length === 0) continue;
    lines.push(`${title}: ${items.length}`, ...items.slice(0, named).map((item) => `  ${item}`));
    if (items.length > named) lines.push(`  and ${items.length - named} more (--json lists all)`);
  }
  return lines;
}

function range({ smallest, median, largest }: SizeRange): string {
  return smallest === largest ? `${smallest} pixels` : `${smallest} to ${largest} pixels, median ${median}`;
}

function group({ ids }: DuplicateGroup): string {
  return ids.join(', ');
}

/** Which part of a divided dataset this is, and how to name another. */
function divisionLines(root: string, { part, others }: NonNullable<DatasetReport['division']>): string[] {
  const folder = root.endsWith('-ubyte') || root.endsWith('.gz') ? path.dirname(root) : root;
  return [`this is its part '${part}'`, ...others.map((other) => `its part '${other}': ${folder}#${other}`)];
}
