import { ours, peer } from '../entry.mjs';

/** What of a preset is timed: steps in one process after one that does not count, the work in words, and what is asked. */
const presets = {
  article: { steps: 1, rows: '24 rows of 224 x 224', work: 'article network, 224 x 224, 24 rows', float32: 1.15 },
  small: { steps: 20, rows: '120 rows of 64 x 64', work: '`small` network, 64 x 64, 120 rows', float32: 1.2 },
};

/**
 * A training step by oneDNN, whose library LOOKALIKE_ONEDNN names, and by PyTorch in the same precision.
 *
 * @param {'article' | 'small'} preset
 * @param {'float32' | 'bfloat16'} precision bfloat16 needs a processor that has it, and runs when it is asked for by name.
 * @returns {import('../entry.mjs').Entry}
 */
function trainingStepOneDnn(preset, precision) {
  const { steps, rows, work, float32 } = presets[preset];
  const named = `PyTorch ${precision}`;
  return {
    name: `training-step-${preset}-onednn-${precision}`,
    about: `training step of the preset ${preset} by oneDNN in ${precision}: ${rows}`,
    ...(precision === 'bfloat16' && { takes: 'a few minutes, on a processor with bfloat16' }),
    same: ['parameters', 'multiplyAdds', 'rows', 'size'],
    plan: async ({ threads }) => ({
      sides: [
        ours('training-step.mjs', [preset, threads, steps, precision]),
        peer(named, ['torch'], 'training_step.py', [
          '--network',
          preset,
          '--threads',
          threads,
          '--steps',
          steps,
          '--precision',
          precision,
        ]),
      ],
    }),
    figures: [
      {
        work: `training step, ${work}, oneDNN, ${precision}`,
        kind: 'ratio',
        quantity: 'seconds',
        peer: named,
        against: [named],
        atLeast: precision === 'float32' ? float32 : 1.3,
      },
      {
        work: 'its peak memory, ours over the peer’s',
        kind: 'ratio',
        quantity: 'peakBytes',
        peer: named,
        against: [named],
        atMost: 0.8,
      },
    ],
  };
}

export const trainingStepArticleOneDnn = trainingStepOneDnn('article', 'float32');
export const trainingStepSmallOneDnn = trainingStepOneDnn('small', 'float32');
export const trainingStepArticleBfloat16 = trainingStepOneDnn('article', 'bfloat16');
export const trainingStepSmallBfloat16 = trainingStepOneDnn('small', 'bfloat16');
