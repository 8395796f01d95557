import { counted } from '../../../foundation/text/counted.ts';
import type { Terminal } from './terminal.ts';

/** How many unreadable images are named in the text; JSON has them all. */
const named = 10;

/** Lists images that could not be read, in the text that people see. */
export function sayUnreadable(terminal: Terminal, unreadable: readonly { readonly reason: string }[]): void {
  if (unreadable.length === 0) return;
  terminal.say(`${counted(unreadable.length, 'image')} left out:`);
  for (const { reason } of unreadable.slice(0, named)) terminal.say(`  ${reason}`);
  if (unreadable.length > named) terminal.say(`  and ${unreadable.length - named} more (--json lists all)`);
}
