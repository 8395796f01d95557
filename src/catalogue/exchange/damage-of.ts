import { z } from 'zod';
import { excerpt } from '../../foundation/files/excerpt.ts';

/** What is wrong with a file, by what its reader throws; where a library itself stumbles, its own words say nothing of the file. */
export function damageOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [{ path, message }] = error.issues;
    return `a row has no right '${path.join('.')}': ${message}`;
  }
  const isStumble = error instanceof TypeError || error instanceof RangeError || !(error instanceof Error);
  return isStumble ? 'its parts do not go together; write it again' : excerpt(error.message.split('\n')[0], 200);
}
