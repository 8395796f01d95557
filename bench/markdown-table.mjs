/**
 * Rows, the first of them the header, as lines of a Markdown table with aligned columns.
 *
 * @param {readonly (readonly string[])[]} rows of one length
 * @returns {string[]}
 */
export function markdownTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length), 3));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(rows[0]), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.slice(1).map(line)];
}
