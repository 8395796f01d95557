import { ours, peer } from '../entry.mjs';

/**
 * @param {'article' | 'small'} network
 * @param {number} passes Passes timed in one process, after one that does not count.
 * @param {string} work
 * @param {{ atLeast?: number }} asked
 * @param {'onednn'} [engine] Default: onnxruntime.
 * @returns {import('../entry.mjs').Entry}
 */
function forward(network, passes, work, asked, engine) {
  return {
    name: engine === undefined ? `forward-${network}` : `forward-${network}-${engine}`,
    about: work,
    same: ['parameters', 'multiplyAdds', 'rows', 'size'],
    plan: async ({ threads }) => ({
      sides: [
        ours('forward.mjs', [network, threads, passes, ...(engine === undefined ? [] : [engine])]),
        peer('PyTorch', ['torch'], 'forward.py', ['--network', network, '--threads', threads, '--passes', passes]),
      ],
    }),
    figures: [{ work, kind: 'ratio', quantity: 'seconds', peer: 'PyTorch', against: ['PyTorch'], ...asked }],
  };
}

export const forwardArticle = forward('article', 5, 'forward pass, article network, 24 rows of 224 x 224', {
  atLeast: 1,
});
export const forwardSmall = forward('small', 50, 'forward pass, `small` network, 120 rows of 64 x 64', {});
export const forwardArticleOneDnn = forward(
  'article',
  5,
  'forward pass, article network, 24 rows of 224 x 224, oneDNN, float32',
  { atLeast: 1 },
  'onednn',
);
export const forwardSmallOneDnn = forward(
  'small',
  50,
  'forward pass, `small` network, 120 rows of 64 x 64, oneDNN, float32',
  { atLeast: 1 },
  'onednn',
);
