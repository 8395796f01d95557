import { shellQuoted } from './shell-quoted.ts';

/** The command to type next, as a line: its words are quoted for the shell. */
export function nextCommand(...words: readonly string[]): string {
  return `next: lookalike ${words.map(shellQuoted).join(' ')}`;
}
