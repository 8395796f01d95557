import { z } from 'zod';

/**
 * A whole number behind the question mark of an address, where everything is a text: digits alone. (`Number` would take nothing at
 * all for 0.)
 *
 * @param schema what the number has to be.
 */
export function queryNumber<Schema extends z.ZodType<unknown, number>>(schema: Schema) {
  return z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(schema);
}
