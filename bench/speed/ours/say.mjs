/**
 * What every process of ours says at its end: one line of JSON. `peakBytes` is its largest resident memory so far.
 *
 * @param {number} seconds
 * @param {object} facts
 */
export function say(seconds, facts) {
  const peakBytes = 1024 * process.resourceUsage().maxRSS;
  process.stdout.write(`${JSON.stringify({ seconds, peakBytes, ...facts })}\n`);
}
