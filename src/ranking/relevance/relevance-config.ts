import { nearestName, suggestion } from '../../foundation/arguments/nearest-name.ts';
import { alternatives } from '../../foundation/text/alternatives.ts';
import type { RelevanceSettings } from './define-relevance.ts';
import { type RelevanceConfig, type RelevanceTable, relevanceConfigSchema, relevanceTable } from './relevance-table.ts';
import { wrongRelevance } from './typed-relevance.ts';

/**
 * Relevance as somebody types it: a kind, and behind a colon its file or number. `labels` alone has a decay of 0.1. Paths are
 * relative to the working directory.
 *
 * @throws UsageError if it is none of these, naming what it may be and what is nearest.
 */
export function parseRelevance(text: string): RelevanceConfig {
  return relevanceConfigSchema.parse(typedRelevance(text, relevanceTable));
}

/** The same by any table, whose names the type of a configuration need not know. */
export function typedRelevance(text: string, { all }: RelevanceTable): RelevanceSettings {
  const colon = text.indexOf(':');
  const kind = colon < 0 ? text : text.slice(0, colon);
  const definition = all.find(({ name }) => name === kind);
  if (definition === undefined) {
    const names = all.map(({ name }) => name);
    const forms = alternatives(all.flatMap((one) => one.forms));
    const message = `relevance '${text}' is unknown: it is one of ${forms}${suggestion(kind, names)}`;
    throw wrongRelevance(message, `one of ${forms}`, { value: text, nearest: nearestName(kind, names) });
  }
  return { kind, ...definition.parse(colon < 0 ? undefined : text.slice(colon + 1)) };
}

/** Relevance as it would be typed. */
export function relevanceText(config: RelevanceConfig): string {
  const behind = relevanceTable.of(config).behind(config);
  return behind === undefined ? config.kind : `${config.kind}:${behind}`;
}
