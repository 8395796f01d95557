/** Letters of a name that are shown under a picture. */
const most = 40;

/**
 * A picture's name as it stands under it: its first and last letters with `…` between where it has more than 40 of them, for
 * folders stand at the beginning, and what tells two pictures of one folder apart at the end.
 */
export function shortName(name: string): string {
  const letters = [...name];
  if (letters.length <= most) return name;
  const half = Math.floor((most - 1) / 2);
  return `${letters.slice(0, half).join('')}…${letters.slice(-(most - 1 - half)).join('')}`;
}
