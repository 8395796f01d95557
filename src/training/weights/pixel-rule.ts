import type { NetworkConfig } from '../../ranking/networks/network-config.ts';

/** How pixels enter a network whose weights were learnt elsewhere. */
export interface PixelRule extends Pick<NetworkConfig, 'pixelMean' | 'pixelDeviation'> {
  /** True if the mean of the channels enters, alone. Default: false, all three. */
  readonly grey?: boolean;
  /** In words, for people. */
  readonly text: string;
}

/** As torchvision and timm train: mean and deviation of ImageNet for each channel. */
export const imagenetPixels: PixelRule = {
  pixelMean: [0.485, 0.456, 0.406],
  pixelDeviation: [0.229, 0.224, 0.225],
  text: 'mean and deviation of ImageNet, as torchvision has them',
};

/**
 * As Keras's own VGG16 is trained: values 0 to 255 minus the mean of ImageNet. Its channels are blue, green, red; the first
 * filters are turned round instead of the pixels.
 */
export const caffePixels: PixelRule = {
  pixelMean: [123.68 / 255, 116.779 / 255, 103.939 / 255],
  pixelDeviation: 1 / 255,
  text: "values 0 to 255 minus ImageNet's mean, as Keras's VGG16 has them (its BGR filters turned to RGB)",
};

/** As the article's code trains: 0 to 1. */
export const unitPixels: PixelRule = {
  pixelMean: 0,
  pixelDeviation: 1,
  text: 'values 0 to 1, as the article has them',
};
