import { mean } from '../../../foundation/numbers/mean.ts';
import type { Scores } from './compare-candidates.ts';

/** A mean score, Recall@1 and MAP@R together, in percent. */
export const scoreText = ({ values }: Pick<Scores, 'values'>): string => (100 * mean(values)).toFixed(1);
/** A gain in points, with its sign. */
export const points = (gain: number): string => `${gain < 0 ? '' : '+'}${(100 * gain).toFixed(1)}`;
