import type { Calibration } from './calibration.ts';
import { type FitCalibrationOptions, fitCalibration, TooFewPairs } from './fit-calibration.ts';

/** A calibration, or why there is none. */
export type TriedCalibration = { readonly calibration: Calibration } | { readonly refused: string };

/**
 * Calibrates distances where pictures that were not learnt say enough for it: there are pairs enough (see `fitCalibration`), and at
 * some distance two pictures are more likely of one class than of two.
 *
 * @throws UsageError as `fitCalibration` does.
 */
export function tryCalibration(options: FitCalibrationOptions): TriedCalibration {
  try {
    const calibration = fitCalibration(options);
    if (calibration.unsure.from > 0) return { calibration };
    return {
      refused:
        'at no distance are two held-out pictures more likely of one class than of two: the model has not learnt to tell these apart',
    };
  } catch (error) {
    if (error instanceof TooFewPairs) return { refused: error.message };
    throw error;
  }
}
