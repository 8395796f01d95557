import { z } from 'zod';
import { numberFrom, oneOf, wholeNumber } from '../option-values.ts';

/**
 * What somebody types for a value of a schema: a number within its bounds, one of its names, a text, or nothing for a flag.
 *
 * @param meant what names of other programs are here.
 */
export function typedValue(schema: z.ZodType, meant?: Readonly<Record<string, string>>): z.ZodType {
  if (schema instanceof z.ZodEnum) return oneOf(schema.options.map(String), meant);
  if (schema instanceof z.ZodBoolean) return z.boolean();
  if (schema instanceof z.ZodString) return z.string();
  const { type, minimum = 0, maximum, exclusiveMinimum, exclusiveMaximum } = z.toJSONSchema(schema);
  if (type === 'integer') return wholeNumber({ min: minimum, ...(maximum === undefined ? {} : { max: maximum }) });
  const from = exclusiveMinimum === undefined ? `of at least ${minimum}` : `above ${exclusiveMinimum}`;
  const most = maximum === undefined || exclusiveMinimum === undefined ? '' : ` and at most ${maximum}`;
  const number = `a number ${from}${most}`;
  const below = exclusiveMaximum === undefined ? `from ${minimum} to ${maximum}` : `below ${exclusiveMaximum}`;
  const isShare = exclusiveMinimum === undefined && (maximum ?? exclusiveMaximum) !== undefined;
  const message = `must be ${isShare ? `a share ${below}` : number}`;
  return numberFrom(minimum, message).refine((value) => schema.safeParse(value).success, message);
}
