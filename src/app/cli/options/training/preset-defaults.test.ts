import { expect, it } from 'vitest';
import { presets } from '../../../../training/configuration/presets.ts';
import { commandsFor } from '../../command-list.ts';
import { presetDefaults } from './preset-defaults.ts';

it('puts presets of one value together, and leaves those out that decide nothing', () => {
  expect(presetDefaults(({ network }) => network.backbone)).toBe(
    ' (small, contour: small; article: vgg16; paper: alexnet)',
  );
  expect(presetDefaults(({ clipNorm }) => clipNorm ?? 'none')).toBe(' (default: none)');
  expect(presetDefaults(({ loss }) => ('gap' in loss ? loss.gap : undefined))).toBe(' (article, paper: 1)');
});

it('is what the help of train says of every preset', async () => {
  const [train] = await commandsFor(['train']);
  const described = (name: string) => train.options.find(({ flags }) => flags.includes(`--${name} `))?.description;
  const { auto: _, ...recipes } = presets;
  for (const [name, preset] of Object.entries(recipes)) {
    for (const [option, value] of [
      ['learning-rate', preset.learningRate],
      ['weight-decay', preset.weightDecay],
      ['epochs', preset.epochs],
      ['size', preset.size],
      ['dimension', preset.network.embeddingDimension],
      ['loss', preset.loss.kind],
      ['optimizer', preset.optimizer.kind],
    ] as const) {
      expect(described(option), option).toMatch(new RegExp(`[(; ,]${name}(, \\w+)*: ${value}[;)]`));
    }
  }
});

it('has every option of train under a heading', async () => {
  const [train] = await commandsFor(['train']);
  expect(new Set(train.options.map(({ group }) => group))).toEqual(
    new Set(['Everyday', 'Network', 'Loss and sampling', 'Optimiser', 'Machine']),
  );
});
