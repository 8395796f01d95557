import { interleave } from './interleave.mjs';
import { spread } from './spread.mjs';

/** Trials of each setting, in turn. */
const rounds = 3;

/**
 * Of a peer's settings, the one that is fastest in trials of less work, so that only its best takes part in long measurements.
 * Settings without a trial, and a setting that is alone, take part untried.
 *
 * @template {import('./entry.mjs').Side} S
 * @param {readonly S[]} sides those that can be run
 * @param {readonly import('./entry.mjs').Figure[]} figures
 * @param {(side: S) => Promise<Record<string, unknown> & { seconds: number }>} measure
 * @param {(line: string) => void} say
 * @returns {Promise<{ kept: S[], trials: Record<string, number[]>, beaten: Record<string, string>, failed: Record<string, string> }>}
 *   the sides that take part, the seconds of every trial, and which of the others were slower, and which failed
 */
export async function bestSettings(sides, figures, measure, say) {
  /** @type {Record<string, number[]>} */
  const trials = {};
  /** @type {Record<string, string>} */
  const beaten = {};
  /** @type {Record<string, string>} */
  const allFailed = {};
  for (const { against = [] } of figures) {
    const settings = sides.filter(({ name, trial }) => against.includes(name) && trial !== undefined);
    if (settings.length < 2 || settings.some(({ name }) => name in trials || name in allFailed)) continue;
    const shortened = settings.map((side) => ({ ...side, args: side.trial ?? side.args }));
    say(`  trials of ${settings.length} settings`);
    const { runs, failed } = await interleave(shortened, rounds, measure, { mayFail: () => true, say });
    Object.assign(allFailed, failed);
    const ran = settings.filter(({ name }) => failed[name] === undefined);
    for (const { name } of ran) trials[name] = runs[name].map(({ seconds }) => seconds);
    const median = ({ name }) => spread(trials[name]).median;
    const best = ran.reduce((a, b) => (median(b) < median(a) ? b : a), ran[0]);
    for (const { name } of ran) {
      if (name !== best?.name) beaten[name] = `in trials '${best?.name}' was faster`;
    }
  }
  const kept = sides.filter(({ name }) => beaten[name] === undefined && allFailed[name] === undefined);
  return { kept, trials, beaten, failed: allFailed };
}
