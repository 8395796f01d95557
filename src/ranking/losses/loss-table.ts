import { z } from 'zod';
import { definitionByName } from '../../foundation/arguments/definition-by-name.ts';
import { batchMeanHingeLoss } from './batch-mean-hinge.ts';
import { contrastiveLoss } from './contrastive.ts';
import type { LossDefinition } from './define-loss.ts';
import { hingeLoss } from './hinge.ts';
import { multiSimilarityLoss } from './multi-similarity.ts';
import { proxyAnchorLoss } from './proxy-anchor.ts';
import { semiHardLoss } from './semi-hard.ts';
import { softMarginLoss } from './soft-margin.ts';
import { softmaxLoss } from './softmax-classification.ts';
import { supervisedContrastiveLoss } from './supervised-contrastive.ts';

/** Every loss that ranks, in the order in which help and messages name them. */
const rankingLosses = [
  supervisedContrastiveLoss,
  semiHardLoss,
  multiSimilarityLoss,
  contrastiveLoss,
  proxyAnchorLoss,
  hingeLoss,
  softMarginLoss,
  batchMeanHingeLoss,
] as const;

const [firstSchema, ...otherSchemas] = [...rankingLosses, softmaxLoss].map(({ schema }) => schema);

/** The settings of a loss, by its name in `kind`. */
export const lossConfigSchema = z.discriminatedUnion('kind', [firstSchema, ...otherSchemas]);
/** A loss by name, with all its settings. */
export type LossConfig = z.infer<typeof lossConfigSchema>;

/** Losses that a user chooses from: all but the one of pre-training. */
export type RankingLossName = (typeof rankingLosses)[number]['name'];
/** Their names, in the order in which help and messages give them. */
export const rankingLossNames: readonly RankingLossName[] = rankingLosses.map(({ name }) => name);

/** Losses by name. */
export interface LossTable {
  /** The losses that a user chooses from. */
  readonly ranking: readonly LossDefinition[];
  /** @throws UsageError if the table has no such loss. */
  of(config: { readonly kind: string }): LossDefinition;
}

/** A table of the losses that rank, and of those that only pre-train. */
export function lossTableOf(ranking: readonly LossDefinition[], others: readonly LossDefinition[] = []): LossTable {
  const byName = definitionByName([...ranking, ...others], 'loss', 'loss.kind');
  return { ranking, of: ({ kind }) => byName(kind) };
}

/** Every loss that there is; all that is said and done by a loss's name goes by it. */
export const lossTable = lossTableOf(rankingLosses, [softmaxLoss]);

/** The settings with the number of classes that are trained on, where the loss learns something of each class. */
export function withClasses(config: LossConfig, classes: number): LossConfig {
  return lossTable.of(config).settings.includes('classes') ? lossConfigSchema.parse({ ...config, classes }) : config;
}

/** Names of the losses that take rows in threes. */
export function lossesOverTriplets({ ranking }: LossTable): readonly string[] {
  return ranking.filter(({ batch }) => batch !== 'classes').map(({ name }) => name);
}
