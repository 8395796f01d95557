import { describe, expect, it } from 'vitest';
import { fastestConvWeightForm } from './conv-weight-form.ts';
import { convolutionGeometry } from './convolution-geometry.ts';

/** Geometry of a square convolution with one zero around the picture. */
function square(channels: number, filters: number, size: number, kernel: number, stride = 1, group = 1) {
  const result = Math.floor((size + 2 - kernel) / stride) + 1;
  return convolutionGeometry(
    [120, channels, size, size],
    [filters, channels / group, kernel, kernel],
    [120, filters, result, result],
    { kernelShape: [], strides: [stride, stride], pads: [1, 1, 1, 1], dilations: [], group },
  );
}

describe('fastestConvWeightForm', () => {
  it.each([
    ['transposed-conv', square(3, 48, 16, 8, 2)],
    ['unfolded', square(3, 24, 64, 3, 2)],
    ['unfolded', square(32, 64, 16, 3)],
    ['batched-unfolded', square(128, 192, 4, 3)],
    ['batched-unfolded', square(128, 128, 14, 3)],
    ['split-unfolded', square(64, 64, 224, 3)],
    ['split-unfolded', square(64, 128, 112, 3)],
    ['taps', square(64, 64, 224, 3, 2)],
    ['taps', square(3, 64, 224, 3)],
    ['taps', square(256, 64, 56, 1)],
    ['taps', square(512, 512, 28, 3)],
  ])('%s', (form, geometry) => {
    expect(fastestConvWeightForm(geometry)).toBe(form);
  });
});

describe('convolutionGeometry', () => {
  it('fills in what a node leaves out', () => {
    const attributes = { kernelShape: [], strides: [], pads: [], dilations: [], group: 2 };
    expect(convolutionGeometry([5, 4, 9], [6, 2, 3], [5, 6, 7], attributes)).toEqual({
      batch: 5,
      channels: 4,
      filters: 6,
      groups: 2,
      size: [9],
      resultSize: [7],
      kernelSize: [3],
      strides: [1],
      dilations: [1],
      padsBegin: [0],
      padsEnd: [0],
    });
  });
});
