/** A word as a shell takes it: in single quotes where it has anything but letters, digits and harmless signs. */
export function shellQuoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
