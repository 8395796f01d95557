import { cutToColumns } from './cut-text.ts';
import { displayWidth } from './display-width.ts';
import { printable } from './printable.ts';

/** To which side of its column a cell goes. */
export type Alignment = 'left' | 'right';

/** The most columns of a cell: names of files have at most 255 letters on nearly every system. */
const widestCell = 256;

/**
 * Rows as lines of plain text with aligned columns, two spaces between them, for a terminal with a fixed-width font.
 * Columns without an alignment go to the right. Rows may differ in length. Cells are `printable`,
 * so that a row stays a line; one of more than 256 columns is cut in the middle.
 */
export function textTable(rows: readonly (readonly string[])[], alignments: readonly Alignment[] = ['left']): string[] {
  const cells = rows.map((row) => row.map((cell) => cutToColumns(printable(cell), widestCell)));
  const widths: number[] = [];
  for (const row of cells) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
  }
  const aligned = (cell: string, column: number) => {
    const space = ' '.repeat(widths[column] - displayWidth(cell));
    return alignments[column] === 'left' ? cell + space : space + cell;
  };
  return cells.map((row) => row.map(aligned).join('  ').trimEnd());
}
