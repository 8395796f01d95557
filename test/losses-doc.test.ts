import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { lossConfigSchema } from '../src/ranking/losses/loss-table.ts';
import { minerNames } from '../src/ranking/losses/miners/miner-table.ts';
import { chooseLoss } from '../src/training/configuration/choose-loss.ts';
import { presets } from '../src/training/configuration/presets.ts';

const page = await readFile(new URL('../docs/losses.md', import.meta.url), 'utf8');
/** The cells of the row that begins with a name, in the first or second table. */
const cellsOf = (name: string, table: number) =>
  page
    .split('\n## ')
    [table].split('\n')
    .find((line) => line.startsWith(`| \`${name}\``))
    ?.split('|')
    .map((cell) => cell.trim());

it('describes every loss with its defaults', () => {
  for (const { shape } of lossConfigSchema.options) {
    const { value: kind } = shape.kind;
    // Pre-training's own loss; docs/training.md tells of it.
    if (kind === 'softmax') continue;
    const options = cellsOf(kind, 0)?.[3];
    expect(options, kind).toBeDefined();
    const { kind: _, ...numbers } = chooseLoss({ preset: 'small', loss: kind }, presets.small.loss, 'classes');
    const defaults = kind === 'batch-mean-hinge' ? [] : Object.entries(numbers);
    for (const [name, value] of defaults) {
      const inTable = ['gap', 'distance', 'temperature'].includes(name)
        ? `\`--${name}\` (${value})`
        : `${name} (${value})`;
      expect(options).toContain(inTable);
    }
  }
});

it('describes every miner', () => {
  for (const name of minerNames) expect(cellsOf(name, 1), name).toBeDefined();
});
