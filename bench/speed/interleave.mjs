/**
 * Measures sides in turn, so that a machine that drifts drifts for all of them: `repeats` rounds, each side once a round,
 * each round beginning with another side. A side of ours that fails ends it; a peer that fails is left out from then on.
 *
 * @template {{ name: string }} S
 * @param {readonly S[]} sides
 * @param {number} repeats
 * @param {(side: S) => Promise<Record<string, unknown> & { seconds: number }>} measure
 * @param {{ mayFail: (side: S, error: Error) => boolean, say: (line: string) => void }} options
 */
export async function interleave(sides, repeats, measure, { mayFail, say }) {
  const runs = Object.fromEntries(sides.map(({ name }) => [name, []]));
  /** @type {Record<string, string>} */
  const failed = {};
  for (let round = 0; round < repeats; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const side = sides[(round + turn) % sides.length];
      if (failed[side.name] !== undefined) continue;
      try {
        const run = await measure(side);
        runs[side.name].push(run);
        say(`  round ${round + 1} of ${repeats}, ${side.name}: ${run.seconds.toFixed(3)} s`);
      } catch (error) {
        if (!mayFail(side, error)) throw new Error(`'${side.name}' failed: ${error.message}`, { cause: error });
        failed[side.name] = `it failed: ${error.message}`;
        say(`  ${side.name} ${failed[side.name]}`);
      }
    }
  }
  return { runs, failed };
}
