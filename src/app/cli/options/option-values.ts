import { z } from 'zod';
import { nearestName } from '../../../foundation/arguments/nearest-name.ts';

/** Schema of a whole number as somebody types it. */
export function wholeNumber({ min = 0, max = Number.MAX_SAFE_INTEGER } = {}) {
  const message =
    max === Number.MAX_SAFE_INTEGER
      ? `must be a whole number of at least ${min}`
      : `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^-?\d+$/, message)
    .transform(Number)
    .refine((value) => Number.isSafeInteger(value) && value >= min && value <= max, message);
}

/**
 * Schema of one of several words as somebody types it; of another word the message names the nearest.
 *
 * @param meant what words of other programs are here, where the nearest word is not what is meant: `gpu` is not `cpu`.
 */
export function oneOf<const Word extends string>(words: readonly Word[], meant: Readonly<Record<string, string>> = {}) {
  return z.enum(words, {
    error: ({ input }) => {
      const typed = String(input);
      const known = typed.toLowerCase();
      const nearest = Object.hasOwn(meant, known) ? meant[known] : nearestName(typed, words);
      return `must be one of ${words.join(', ')}${nearest === undefined ? '' : ` (did you mean ${nearest}?)`}`;
    },
  });
}

/** Schema of numbers by name as somebody types them: `alpha=2,beta=50`. */
export function namedNumbers() {
  return z.string().transform((text, context) => {
    const numbers: Record<string, number> = {};
    for (const part of text.split(',')) {
      const [, name, value] = /^\s*([a-z][a-z0-9-]*)\s*=\s*(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*$/i.exec(part) ?? [];
      if (name === undefined || name in numbers) {
        const wrong = name === undefined ? `'${part}' is not one of them` : `${name} is there twice`;
        context.addIssue({ code: 'custom', message: `must be names and numbers such as alpha=2,beta=50; ${wrong}` });
        return z.NEVER;
      }
      numbers[name] = Number(value);
    }
    return numbers;
  });
}

/** Schema of a number above or equal to `min` as somebody types it. */
export function numberFrom(min: number, message = `must be a number of at least ${min}`) {
  return z
    .string()
    .regex(/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, message)
    .transform(Number)
    .refine((value) => Number.isFinite(value) && value >= min, message);
}

/** Schema of a share from 0 to 1 as somebody types it: `0.2`. */
export function shareOf() {
  return numberFrom(0).refine((value) => value <= 1, 'must be a share from 0 to 1');
}

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** Schema of a length of time as somebody types it, in seconds: `90s`, `5m`, `1h`, `300`. */
export function duration() {
  const message = 'must be a duration such as 90s, 5m or 1h';
  const seconds: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };
  return z
    .string()
    .regex(/^\d+(\.\d+)?\s*[smh]?$/i, message)
    .transform((text) => Number.parseFloat(text) * seconds[text.replace(/[\d.\s]/g, '').toLowerCase()])
    .refine((value) => value > 0, message);
}

/** Schema of a number of bytes as somebody types it: `800MB`, `4GB`, `2GiB`, `1000000`. */
export function byteCount() {
  const message = 'must be a size such as 800MB or 4GB';
  return z
    .string()
    .regex(/^\d+(\.\d+)?\s*([kmg]i?b)?$/i, message)
    .transform((text) => {
      const [, number, , unit] = /^(\d+(\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
      return Math.floor(Number(number) * unitBytes[(unit ?? '').toLowerCase()]);
    });
}
