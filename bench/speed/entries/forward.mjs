import { ours, peer } from '../entry.mjs';

/**
 * @param {'article' | 'small'} network
 * @param {number} passes Passes timed in one process, after one that does not count.
 * @param {string} work
 * @param {{ atLeast?: number }} asked
 * @returns {import('../entry.mjs').Entry}
 */
function forward(network, passes, work, asked) {
  return {
    name: `forward-${network}`,
    about: work,
    same: ['parameters', 'multiplyAdds', 'rows', 'size'],
    plan: async ({ threads }) => ({
      sides: [
        ours('forward.mjs', [network, threads, passes]),
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
