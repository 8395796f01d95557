import path from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../foundation/errors/usage-error.ts';

const file = z.string().min(1);

/** Where relevance comes from; files by their absolute paths. */
export const relevanceConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('labels'), decay: z.number().positive().max(1) }),
  z.strictObject({ kind: z.literal('pairs'), file }),
  z.strictObject({ kind: z.literal('metadata'), file }),
  z.strictObject({ kind: z.literal('pixels') }),
  z.strictObject({ kind: z.literal('colour') }),
  z.strictObject({ kind: z.literal('hog') }),
  z.strictObject({ kind: z.literal('model'), file }),
]);

/** What says how alike two images are. */
export type RelevanceConfig = z.infer<typeof relevanceConfigSchema>;

const forms = 'labels, labels:<decay>, pairs:<file.csv>, metadata:<file.csv>, pixels, colour, hog or model:<file.onnx>';

/**
 * Relevance as somebody types it: a kind, and behind a colon its file or number. `labels` alone has a decay of 0.1. Paths are
 * relative to the working directory.
 *
 * @throws if it is none of these, naming what it may be.
 */
export function parseRelevance(text: string): RelevanceConfig {
  const colon = text.indexOf(':');
  const kind = colon < 0 ? text : text.slice(0, colon);
  const rest = colon < 0 ? undefined : text.slice(colon + 1);
  switch (kind) {
    case 'labels': {
      const decay = rest === undefined ? 0.1 : Number(rest === '' ? Number.NaN : rest);
      if (!(decay > 0 && decay <= 1)) {
        throw wrongRelevance(
          text,
          `relevance '${text}': the decay of a level has to be a number above 0 and at most 1`,
        );
      }
      return { kind, decay };
    }
    case 'pairs':
    case 'metadata':
    case 'model':
      if (rest === undefined || rest === '')
        throw wrongRelevance(text, `relevance '${text}' lacks its file: it is one of ${forms}`);
      return { kind, file: path.resolve(rest) };
    case 'pixels':
    case 'colour':
    case 'hog':
      if (rest !== undefined) throw wrongRelevance(text, `relevance '${text}': ${kind} takes nothing behind a colon`);
      return { kind };
    default:
      throw wrongRelevance(text, `relevance '${text}' is unknown: it is one of ${forms}`);
  }
}

function wrongRelevance(text: string, message: string): UsageError {
  return new UsageError(message, { path: 'choices.relevance', expected: `one of ${forms}`, value: text });
}

/** Relevance as it would be typed. */
export function relevanceText(config: RelevanceConfig): string {
  if ('file' in config) return `${config.kind}:${config.file}`;
  return config.kind === 'labels' ? `labels:${config.decay}` : config.kind;
}
