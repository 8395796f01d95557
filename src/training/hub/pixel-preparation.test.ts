import { describe, expect, it } from 'vitest';
import { type PixelPreparation, readPreprocessorConfig, readTimmConfig } from './pixel-preparation.ts';

const imagenet = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
const read = (config: object) => readPreprocessorConfig(JSON.stringify(config), 'its config');

/** What enters the network for a value of 0 to 255 in each channel, as the engine applies a normalisation. */
function entering({ normalization }: PixelPreparation, value: number): number[] | undefined {
  return normalization?.mean.map((mean, channel) => (value / 255 - mean) / normalization.deviation[channel]);
}

/** The same step by step, as transformers applies such a file. */
function steps(config: Record<string, unknown>, value: number): number[] {
  const rescales = config['do_rescale'] !== false;
  const factor = (config['rescale_factor'] as number | undefined) ?? 1 / 255;
  const rescaled = rescales ? value * factor - (config['rescale_offset'] ? 1 : 0) : value;
  if (config['do_normalize'] === false) return [rescaled, rescaled, rescaled];
  const [mean, deviation] = [config['image_mean'] as number[], config['image_std'] as number[]];
  return mean.map((each, channel) => (rescaled - each) / deviation[channel]);
}

describe("transformers' preprocessor_config.json", () => {
  it.each([
    { ...imagenet, do_rescale: true, rescale_factor: 0.00392156862745098, do_normalize: true },
    { do_normalize: false },
    { do_normalize: false, do_rescale: false },
    { do_rescale: false, image_mean: [123.7, 116.3, 103.5], image_std: [58.4, 57.1, 57.4] },
    { rescale_factor: 1 / 127.5, rescale_offset: true, do_normalize: false },
    { rescale_factor: 1 / 127.5, rescale_offset: true, ...imagenet },
  ])('%j: pixels enter as it says', (config) => {
    for (const value of [0, 100, 255]) {
      const wanted = steps(config, value);
      for (const [channel, got] of entering(read(config), value)!.entries()) {
        expect(Math.abs(got - wanted[channel])).toBeLessThan(1e-9 * Math.max(1, Math.abs(wanted[channel])));
      }
    }
  });

  it.each([
    [{ crop_size: { height: 224, width: 224 }, size: { shortest_edge: 256 } }, 224],
    [{ crop_size: 224, size: 256, do_center_crop: false }, 256],
    [{ size: { height: 384, width: 384 } }, 384],
    [{ size: 224 }, 224],
    [{ size: { height: 224, width: 448 } }, undefined],
    [{}, undefined],
  ])('%j: %j pixels a side', (config, size) => {
    expect(read({ ...imagenet, ...config }).size).toBe(size);
  });

  it('says that blue comes first, or nothing of mean and deviation', () => {
    expect(read({ ...imagenet, do_flip_channel_order: true }).channels).toBe('bgr');
    expect(read({ size: 224 })).toEqual({ normalization: undefined, size: 224, channels: undefined });
  });

  it.each([
    [
      '{',
      'its config does not say how pixels enter the network: it is no JSON; say it with choices.trunk.normalization and choices.size',
    ],
    [JSON.stringify({ image_mean: [0.5, 0.5, 0.5] }), 'it has image_mean without image_std'],
    [
      JSON.stringify({ ...imagenet, image_std: [1, 2] }),
      /image_std: .*; say it with choices.trunk.normalization and choices.size/,
    ],
    [JSON.stringify({ ...imagenet, image_std: [0, 1, 1] }), /image_std/],
  ])('refuses %s', (text, message) => {
    expect(() => readPreprocessorConfig(text, 'its config')).toThrow(message);
  });
});

describe("timm's config.json", () => {
  const said = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], input_size: [3, 240, 240] };
  it.each([said, { architecture: 'x', pretrained_cfg: said }])('%j', (config) => {
    const { normalization, size } = readTimmConfig(JSON.stringify(config), 'its config')!;
    expect(normalization).toEqual({ mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] });
    expect(size).toBe(240);
  });

  it('is not every config.json, and no damaged one', () => {
    expect(readTimmConfig('{"model_type":"dinov2"}', 'its config')).toBeUndefined();
    expect(() => readTimmConfig('[', 'its config')).toThrow('it is no JSON');
  });
});
