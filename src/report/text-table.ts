import { displayWidth } from './display-width.ts';

/** To which side of its column a cell goes. */
export type Alignment = 'left' | 'right';

/**
 * Rows as lines of plain text with aligned columns, two spaces between them, for a terminal with a fixed-width font.
 * Columns without an alignment go to the right. Rows may differ in length. Line breaks and tabs in a cell become spaces,
 * so that a row stays a line.
 */
export function textTable(rows: readonly (readonly string[])[], alignments: readonly Alignment[] = ['left']): string[] {
  const cells = rows.map((row) => row.map((cell) => cell.replace(/[\r\n\t]+/g, ' ')));
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
