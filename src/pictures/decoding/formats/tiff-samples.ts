import type { TiffDirectory } from './tiff-directory.ts';

/** The samples of each pixel that are the picture, where a file has more than the decoder takes. */
export interface ChosenSamples {
  /** Samples of colour: 1 of grey, 3 of RGB, 4 of inks. The first of each pixel. */
  readonly colours: 1 | 3 | 4;
  /** True if the one behind them is transparency. */
  readonly alpha: boolean;
}

/** Most samples a pixel that are read. */
export const mostSamples = 64;

/**
 * Why the samples of a TIFF file are not read: of floating point, signed or complex numbers, of 32 bits and the like, there
 * is no saying what is black and what is white; other meanings the decoder does not know. Undefined if they are read.
 */
export function reasonOfSamples(directory: TiffDirectory): string | undefined {
  const kind = unreadKind(directory);
  return (
    kind && `${kind} are not read (the file may be sound); save it with 8 or 16 bits a sample, as grey, RGB or CMYK`
  );
}

function unreadKind({
  bits,
  sampleFormat,
  photometric,
  samplesPerPixel,
  extraSamples,
}: TiffDirectory): string | undefined {
  const most = Math.max(...bits);
  if (sampleFormat >= 5) return 'complex numbers as samples';
  if (sampleFormat === 3) return `floating-point samples of ${most} bits`;
  if (sampleFormat === 2 && !isLab(photometric)) return `signed samples of ${most} bits`;
  if (photometric === 32803 || photometric === 34892) return "a camera sensor's raw samples";
  if (photometric === 32844 || photometric === 32845) return 'samples of logarithms (LogL, LogLuv)';
  if (isLab(photometric) && most === 8) return 'samples of Lab in 8 bits';
  if (bits.some((each) => each !== bits[0])) return `samples of different sizes (${bits.slice(0, 8).join(', ')} bits)`;
  if (![1, 2, 4, 8, 16].includes(most)) return `samples of ${most} bits`;
  if (samplesPerPixel > mostSamples) return `${samplesPerPixel} samples a pixel`;
  const extra = samplesPerPixel - coloursOf(photometric);
  if (extra < 0) return `${samplesPerPixel} samples a pixel for a colour of ${coloursOf(photometric)}`;
  const known = photometric === 2 || photometric === 5;
  const transparent = extraSamples?.[0] === 1 || extraSamples?.[0] === 2;
  if (extra > 1 && !known && (photometric > 1 || transparent)) return `${extra} samples beside those of the colour`;
  return undefined;
}

/**
 * Which samples are the picture, where the decoder would not know: it takes one sample beyond the colour for transparency,
 * whatever the file says it is, and cannot composite more. Undefined where it is right.
 */
export function chosenSamples(directory: TiffDirectory): ChosenSamples | undefined {
  const { photometric, samplesPerPixel, extraSamples } = directory;
  const colours = whole.get(photometric);
  if (colours === undefined) return undefined;
  const extra = samplesPerPixel - colours;
  const [first] = extraSamples ?? [];
  if (extra === 0 || (extra === 1 && first !== 0)) return undefined;
  return { colours, alpha: first === 1 || first === 2 };
}

/** Samples of a colour by its meaning, where the others can be told from them. */
const whole: ReadonlyMap<number, ChosenSamples['colours']> = new Map([
  [0, 1],
  [1, 1],
  [2, 3],
  [5, 4],
]);

function coloursOf(photometric: number): number {
  if (photometric === 5) return 4;
  return photometric === 2 || photometric === 6 || isLab(photometric) ? 3 : 1;
}

function isLab(photometric: number): boolean {
  return photometric === 8 || photometric === 9 || photometric === 10;
}
