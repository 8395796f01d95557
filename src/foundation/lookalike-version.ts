import { readFileSync } from 'node:fs';
import { z } from 'zod';

const manifestSchema = z.object({ name: z.string(), version: z.string() });

/** Name and version of this package, as its `package.json` has them. */
export function lookalikeVersion(): { readonly name: string; readonly version: string } {
  return manifestSchema.parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));
}
