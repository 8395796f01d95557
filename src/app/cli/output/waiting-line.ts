import { holderName, type LockHolder } from '../../../foundation/files/lock-holder.ts';

/** Says for whom a command waits. */
export function waitingLine(store: string, holder: LockHolder): string {
  return `waiting for ${holderName(holder)}, which writes the store '${store}' since ${holder.since}`;
}
