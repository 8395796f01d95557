import { mean } from '../../foundation/numbers/mean.ts';
import { minerByName } from '../../ranking/losses/miners/miner-table.ts';
import { backboneTable } from '../../ranking/networks/convnets/backbone-table.ts';
import { warmupLength } from '../../ranking/optimizers/learning-rate-schedule.ts';
import type { TrainingConfig } from '../configuration/training-config.ts';
import type { StepLine } from '../loop/training-log.ts';
import { collapsedLoss } from './collapsed-loss.ts';
import type { Finding } from './finding.ts';

/**
 * When a run is looked at. `underway`: it goes on, and a warning has to be sure; `standing`: somebody asks how it stands; `ended`: it
 * is at its end, and what it is now it will be.
 */
export type Moment = 'underway' | 'standing' | 'ended';

/** Steps before which a run under way is not warned of, and their share of a short run: a network may take that long to take off. */
const earliest = { steps: 40, share: 0.5, least: 10 } as const;
/** Steps that have to look collapsed, and their share of the run so far; in a short run that share of all. */
const window = { steps: 20, share: 0.25 } as const;
/** Variance of embeddings below which they count as nearly equal: random weights give 0.1 to 0.4, learnt ones 0.8 to 1. */
const smallSpread = 0.05;
/** The same for losses that have no value of their own when all embeddings are equal. */
const tinySpread = 0.01;
/** How near the loss has to be to its value at collapse, as a share of it: mined triplets keep it a little above. */
const nearness = 0.15;
/** A spread that was this many times as large has been lost; one that never was is judged later. */
const lost = 3;
/** What batch-hard mining does on its way down: the spread below which it counts, and the loss as a share of its value. */
const batchHardWay = { spread: 0.15, lowest: 0.97, highest: 1.5 } as const;
const neverSpread = { step: 200, share: 0.1 } as const;
/** A spread that has grown this much within the window is a network that is taking off. */
const growth = 1.25;

/**
 * Collapse: the network gives every picture nearly the same embedding, so the loss stands at the value that it then has: the
 * gap g of a hinge, log 2 of a soft margin, log(B - 1) of supervised contrastive loss.
 *
 * Criterion: over the last quarter of the run so far, and at least 20 steps (of a run of fewer than 80 steps: a quarter of it), every
 * logged spread is below 0.05, every loss within 15% of that value (losses without one: a spread below 0.01), and the spread is not
 * growing. With batch-hard mining, which comes down slowly at a low rate or on Euclidean distances, a spread below 0.15 and a third of
 * its largest is enough, while the loss is up to a half above that value: where it learns, it falls below it.
 *
 * Under way a run is judged from step 40 on, a short one from its middle, but not before step 10; one whose spread never was three times as large, as of a
 * deep network that has not taken off yet, from step 200 and a tenth of its steps on. Somebody who asks is told at any step. At its
 * end a run is what it is: there is no step too early, and no growth counts. `TrainingHealth` stops a run much later or never: with
 * batch-hard mining the spread stays near 0.004.
 *
 * Source: Schroff, Kalenichenko and Philbin 2015, section 3.2: the hardest negatives lead to a collapsed model early on.
 */
export function findCollapse(
  config: TrainingConfig,
  steps: readonly StepLine[],
  moment: Moment = 'underway',
): Finding | undefined {
  const last = steps.at(-1);
  if (last === undefined) return undefined;
  const first = Math.max(earliest.least, Math.min(earliest.steps, earliest.share * config.steps));
  if (moment === 'underway' && last.step < first) return undefined;
  const length = moment === 'underway' ? config.steps : last.step;
  const least = Math.min(window.steps, Math.ceil(window.share * length));
  const from = last.step - Math.max(least, window.share * last.step);
  const recent = steps.filter(({ step }) => step > from);
  const collapsedAt = collapsedLoss(config);
  const value = collapsedAt?.value;
  const miner = 'miner' in config.loss ? config.loss.miner : undefined;
  const batchHard = miner !== undefined && minerByName(miner).hardestOnly === true;
  const widest = steps.reduce((most, line) => (line.spread > most.spread ? line : most));
  const narrowed = Math.min(batchHardWay.spread, widest.spread / lost);
  const collapsed = ({ spread, loss }: StepLine) =>
    value === undefined ? spread < tinySpread : spread < smallSpread && Math.abs(loss - value) < nearness * value;
  const collapsing = ({ spread, loss }: StepLine) =>
    value !== undefined &&
    spread < narrowed &&
    loss > batchHardWay.lowest * value &&
    loss < batchHardWay.highest * value;
  const looksIt = recent.every(collapsed) || (batchHard && recent.every(collapsing));
  const ended = moment === 'ended';
  if (!looksIt || (!ended && takesOff(recent))) return undefined;

  const spread = mean(recent.map((line) => line.spread));
  const early = last.step < Math.max(neverSpread.step, neverSpread.share * config.steps);
  if (!ended && widest.spread < lost * spread && early) return undefined;
  const loss = mean(recent.map((line) => line.loss));
  const activeShare = mean(recent.map((line) => line.activeShare));
  const highest = steps.reduce((most, line) => (line.loss > most.loss ? line : most));
  const standsAt = collapsedAt === undefined ? '' : `, ${collapsedAt.words} being ${collapsedAt.value.toPrecision(4)}`;
  return {
    kind: 'collapse',
    title: batchHard ? `Collapse by ${miner} mining` : 'Collapse',
    seen:
      `From step ${recent[0].step} to ${last.step} the loss stands at ${loss.toPrecision(4)}${standsAt}; the variance of ` +
      `the embeddings is ${short(spread)} of 1, it was ${short(widest.spread)} at step ${widest.step}` +
      `${batchHard ? `; ${Math.round(100 * activeShare)}% of the mined triplets are active, and the loss came down from ${highest.loss.toPrecision(3)}` : ''}.`,
    meaning:
      `The network ${ended ? 'ended in giving' : 'gives'} every picture nearly the same embedding and has almost no gradient left to leave that state: more steps do not help.` +
      `${batchHard ? ' From random weights the farthest positive of a batch is farther than its nearest negative for nearly every query, and pulling everything together is the quickest way down.' : ''}`,
    remedy: remedyOf(config, batchHard),
    numbers: {
      step: last.step,
      loss,
      spread,
      activeShare,
      largestSpread: widest.spread,
      largestSpreadStep: widest.step,
      largestLoss: highest.loss,
      ...(value === undefined ? {} : { collapsedLoss: value }),
    },
    images: [],
  };
}

function takesOff(lines: readonly StepLine[]): boolean {
  const half = Math.floor(lines.length / 2);
  if (half === 0) return false;
  const spreadOf = (some: readonly StepLine[]) => mean(some.map(({ spread }) => spread));
  return spreadOf(lines.slice(half)) > growth * spreadOf(lines.slice(0, half));
}

function remedyOf({ loss, learningRate, network, schedule, steps }: TrainingConfig, batchHard: boolean): string {
  if (batchHard) {
    return "Train with choices.loss: 'semi-hard', choices.loss: 'supcon' or choices.miner: 'batch-all' instead of choices.miner: 'batch-hard', whose hardest triplets are of use only to a network that has learnt already.";
  }
  const ways = [`a lower choices.learningRate (now ${learningRate})`];
  if (warmupLength(schedule, steps) < Math.min(25, steps / 2)) ways.push('a longer warm-up (choices.warmupSteps: 25)');
  if (loss.kind !== 'supcon') ways.push("choices.loss: 'supcon'");
  const { batchNormalization } = backboneTable.find(network.backbone) ?? {};
  if (batchNormalization === 'chosen' && !network.batchNormalization) ways.push('batch normalisation');
  return `Start again with ${ways.join(', or with ')}.`;
}

const short = (value: number) => (value < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(2))));
