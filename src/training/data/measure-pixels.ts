import type { PixelCache } from '../../pictures/preparation/pixel-cache.ts';
import type { TrainingData } from './training-data.ts';

/** The pictures that are trained on, and who has their pixels. */
interface MeasuredPictures {
  readonly train: TrainingData['train'];
  readonly pixels: Pick<PixelCache, 'load'>;
}

/** Pictures that are enough to know mean and deviation to a few thousandths. */
const enough = 500;

/**
 * Mean and standard deviation over all pixels and channels of the training pictures, as shares of 255, rounded to
 * thousandths. From 1000 pictures on every second one is looked at, from 1500 on every third, and so on: 500 to 999 of them.
 * A deviation below 0.01 counts as 0.01. `grey` is true if none of them has a pixel with any colour.
 */
export async function measurePixels({ train, pixels }: MeasuredPictures): Promise<{
  readonly pixelMean: number;
  readonly pixelDeviation: number;
  readonly grey: boolean;
}> {
  const stride = Math.max(1, Math.floor(train.length / enough));
  const places = train.filter((_, index) => index % stride === 0);
  let [count, sum, squares] = [0, 0, 0];
  let grey = true;
  for (const data of await pixels.load(places)) {
    for (const value of data) {
      sum += value;
      squares += value * value;
    }
    for (let place = 0; grey && place < data.length; place += 3) {
      grey = data[place] === data[place + 1] && data[place] === data[place + 2];
    }
    count += data.length;
  }
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const rounded = (value: number) => Math.round((1000 * value) / 255) / 1000;
  return { pixelMean: rounded(mean), pixelDeviation: Math.max(0.01, rounded(deviation)), grey };
}
