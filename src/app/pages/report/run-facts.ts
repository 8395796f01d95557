import { formatDuration } from '../../../foundation/text/duration.ts';
import { lossTable } from '../../../ranking/losses/loss-table.ts';
import { configuredParts, unlearntParts } from '../../../ranking/networks/unlearnt/unlearnt-parts.ts';
import type { TrainingConfig } from '../../../training/configuration/training-config.ts';
import type { TrainingLog } from '../../../training/loop/training-log.ts';
import { shortNumber } from '../../charts/tick-labels.ts';
import { type Html, html } from '../../html/html.ts';

/** A run in a sentence: network, size of the pictures, loss, steps and time. */
export function runSentence(config: TrainingConfig, { steps }: TrainingLog): string {
  const { backbone, width, height, embeddingDimension, hog, trunk } = config.network;
  if (config.start !== undefined) {
    const parts = trunk === undefined ? [] : configuredParts(trunk);
    const joined = parts
      .map(([name, { dimension }]) => `, ${dimension} of them from ${unlearntParts[name].words}`)
      .join('');
    return `A linear map of what a pretrained network has at '${trunk?.cut}', of pictures at ${width} × ${height} pixels, to ${embeddingDimension} numbers${joined}.`;
  }
  const last = steps.at(-1);
  const work =
    last === undefined
      ? `${shortNumber(config.steps)} steps planned`
      : `${shortNumber(last.step)} steps in ${formatDuration(last.seconds)}`;
  return `Network ${backbone} at ${width} × ${height} pixels, embeddings of ${embeddingDimension} numbers${hog ? ', half of them from histograms of oriented gradients' : ''}, ${lossTable.of(config.loss).words.title}, ${work}.`;
}

/** What somebody needs to do a run again and to see that it is the same: seed, hash of the data, amount of work. */
export function runFacts(config: TrainingConfig, { steps }: TrainingLog, dataHash: string | undefined): Html {
  const last = steps.at(-1);
  const facts: (readonly [name: string, value: string])[] = [
    ['Preset', config.preset],
    ['Seed', String(config.seed)],
  ];
  if (last !== undefined) {
    const whole = last.step === config.steps ? '' : ` of ${config.steps.toLocaleString('en-US')}`;
    facts.push(
      ['Steps', `${last.step.toLocaleString('en-US')}${whole}`],
      ['Epochs', shortNumber(last.epoch)],
      ['Images seen', last.images.toLocaleString('en-US')],
    );
  }
  return html`<dl class="facts">${facts.map(
    ([name, value]) => html`
<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}${
    dataHash === undefined
      ? undefined
      : html`
<div class="long"><dt>SHA-256 of the training data</dt><dd>${dataHash}</dd></div>`
  }
</dl>`;
}
