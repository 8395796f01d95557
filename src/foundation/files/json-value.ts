import { InternalError } from '../errors/internal-error.ts';

/** What JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** An object of JSON. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** True of an object of JSON, that is neither null nor an array. */
export function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * JSON text that reads back as the same value.
 *
 * `JSON.stringify` alone turns NaN and infinities into null and drops undefined and functions without a word.
 * A property that is undefined is left out, as TypeScript's optional properties want it; -0 is read back as 0.
 *
 * @throws if the value holds something that JSON cannot, naming where: `state.loss[2] is NaN`.
 */
export function toJson(value: unknown, what = 'the value', indent?: number): string {
  checkJson(value, what);
  return JSON.stringify(value, undefined, indent);
}

function checkJson(value: unknown, where: string): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new InternalError(`${where} is ${value}, which JSON cannot hold`);
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkJson(item, `${where}[${index}]`);
    return;
  }
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) checkJson(item, `${where}.${key}`);
    }
    return;
  }
  const kind = typeof value === 'object' ? value.constructor.name : typeof value;
  throw new InternalError(
    `${where} is of type ${kind}, which JSON cannot hold: give plain objects, arrays and numbers`,
  );
}
