import path from 'node:path';
import { z } from 'zod';
import {
  type OptionRules,
  oneOf,
  optional,
  text,
  valueLike,
  wholeNumber,
} from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { StoreError } from '../../foundation/errors/store-error.ts';
import { searchDistanceNames } from '../../ranking/distances/search-distance-by-name.ts';
import { parseNote, readNote } from './store-note.ts';

const storeStampSchema = z.strictObject({
  /** SHA-256 of the model file, hexadecimal. */
  modelId: z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256'),
  /** The path of the model file when the store was made. */
  modelName: z.string(),
  dimension: z.int().positive(),
  distance: z.enum(searchDistanceNames),
  preprocessing: z.string(),
  /** What the network was computed in; left out where it is float32. */
  precision: z.enum(['bfloat16']).optional(),
});

/**
 * What the vectors of a store are: written once, when the store is made. Vectors of two models, or of one model after two
 * ways of resizing or in two precisions, cannot be compared, so a store takes and answers vectors of its own stamp only.
 */
export type StoreStamp = Readonly<z.infer<typeof storeStampSchema>>;

const stampRules: OptionRules<StoreStamp> = {
  modelId: text('the SHA-256 of a model file'),
  modelName: valueLike('the path of a model file', (value) => typeof value === 'string'),
  dimension: wholeNumber(1),
  distance: oneOf(searchDistanceNames),
  preprocessing: valueLike('a text', (value) => typeof value === 'string'),
  precision: optional(oneOf(['bfloat16'])),
};

/** Checks a stamp that somebody gives. @throws UsageError if it is none: where, and the nearest known name. */
export function checkGivenStamp(stamp: StoreStamp): void {
  checkOptions(stamp, stampRules, 'stamp');
}

/** The stamp that a store keeps as JSON. @throws if it is damaged, naming the store and what is wrong. */
export function parseStamp(uri: string, text: string): StoreStamp {
  return parseNote(uri, 'stamp, which says what model made it,', text, storeStampSchema);
}

/** A stamp as JSON, or why it is none. */
export function readStamp(text: string) {
  return readNote(text, storeStampSchema);
}

/**
 * @throws if a store made with one stamp is opened with another: names the store, both models and what to do. The model's
 * name is for people: two copies of one model file are the same model.
 *
 * @param anyDistance take the stored distance, whatever the wanted one is.
 */
export function checkStamp(uri: string, stored: StoreStamp, wanted: StoreStamp, anyDistance = false): void {
  if (stored.modelId !== wanted.modelId) {
    throw new StoreError(
      `the store '${uri}' was made with another model: ${modelInWords(stored)}, not ${modelInWords(wanted)}: ` +
        'use that model, or index into another store',
    );
  }
  if (stored.precision !== wanted.precision) {
    const [there, here] = [stored, wanted].map(({ precision = 'float32' }) => precision);
    throw new StoreError(
      `the vectors of the store '${uri}' were computed in ${there}, and this model is computed in ${here}: ` +
        `load it in ${there}, or make the store anew in ${here}`,
    );
  }
  const [there, here] = [stored, wanted].map(decodingOf);
  if (there !== here && withoutDecoding(stored) === withoutDecoding(wanted)) {
    const words = { exact: 'decoded whole', scaled: 'scaled by their decoder' };
    throw new StoreError(
      `large pictures of the store '${uri}' were ${words[there]}, and for this model they are ${words[here]}: ` +
        `load it with decode ${there}, or make the store anew`,
    );
  }
  for (const key of ['dimension', 'distance', 'preprocessing'] as const) {
    if (key === 'distance' && anyDistance) continue;
    if (stored[key] !== wanted[key]) {
      throw new StoreError(
        `the store '${uri}' was made with ${key} ${stored[key]}, ${key === 'distance' ? 'not' : `the model '${shown(wanted.modelName)}' has`} ${wanted[key]}: ` +
          'index into another store',
      );
    }
  }
}

/** What a rule of preprocessing ends with in JSON where pictures are scaled by their decoder. */
const scaledMark = /,"decode":"scaled"(?=}$)/;

/** How pictures much larger than the model's input were decoded for a store. */
export function decodingOf({ preprocessing }: Pick<StoreStamp, 'preprocessing'>): 'exact' | 'scaled' {
  return scaledMark.test(preprocessing) ? 'scaled' : 'exact';
}

const withoutDecoding = ({ preprocessing }: StoreStamp) => preprocessing.replace(scaledMark, '');

/** `'run/model.onnx' (SHA-256 0123456789ab)`. */
export function modelInWords({ modelName, modelId }: Pick<StoreStamp, 'modelName' | 'modelId'>): string {
  return `'${shown(modelName)}' (SHA-256 ${modelId.slice(0, 12)})`;
}

/** A path as seen from the working directory, if it is below it. */
function shown(file: string): string {
  const relative = path.relative('', file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}
