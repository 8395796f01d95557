import { markdownTable } from '../markdown-table.mjs';
import { rows } from './rows.mjs';
import { compare, measures, shown, shownWithInterval, summarize } from './summary.mjs';

/** The paper's tables 1 and 2: similarity precision in percent, score-at-top-30. */
const paper = {
  wavelets: { precision: 62.2, scoreAtTop30: 2735 },
  hog: { precision: 68.4, scoreAtTop30: 3099 },
  oasis: { precision: 79.2, scoreAtTop30: 6813 },
  classification: { precision: 82.8, scoreAtTop30: 5772 },
  'single-scale': { precision: 84.6, scoreAtTop30: 6245 },
  'multi-scale': { precision: 85.7, scoreAtTop30: 7004 },
};
const graded = Object.keys(measures);

/**
 * docs/ablation.md from the results that are there: tables, and in which of its claims the paper is borne out.
 *
 * @param {readonly { row: string, measures: object, seconds?: number, configuration: { steps: number } }[]} results
 */
export function ablationDocument(results) {
  const byRow = new Map(Object.keys(rows).map((name) => [name, results.filter(({ row }) => row === name)]));
  const there = (names) => names.filter((name) => byRow.get(name).length > 0);
  const ofTable = (table) => there(Object.keys(rows).filter((name) => rows[name].table === table));
  const get = (name, measure) => (byRow.get(name).length === 0 ? undefined : summarize(byRow.get(name), measure));
  return [
    introduction(results),
    '## The comparison\n',
    gradedTable(ofTable('comparison'), byRow),
    howRowsAreMade,
    ...orderSentences(get),
    '## Sampling\n',
    'Multi-scale ranking; the share is that of triplets whose negative is of another group. Weighted: the online importance sampler of this project by relevance, with room for all pictures in its buffers. Uniform: query, positive and negative are uniform, relevances differ by 0.05 as there. At 100% the two differ in queries and positives alone.\n',
    gradedTable(
      [
        ...ofTable('sampling').filter((name) => name.startsWith('uniform')),
        'weighted-0',
        'multi-scale',
        'weighted-50',
        'weighted-100',
      ].filter((name) => there([name]).length > 0),
      byRow,
    ),
    ...samplingSentences(get),
    '## One scale or several\n',
    'Semi-hard negatives, g = 0.2, otherwise the same. Single-scale: without the low-resolution paths. Recall@1 on pictures of classes that were not learnt from (Fashion-MNIST and subgroups of emoji: of the same classes, other pictures).\n',
    scalesTable(byRow),
    ...scaleSentences(get),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

const howRowsAreMade = `
- Raw pixels and HOG (9 directions, cells of 8 x 8) at 64 x 64. Wavelet signatures (Jacobs, Finkelstein, Salesin 1995): 128 x 128, YIQ, 40 coefficients a channel, the paper's weights for scanned queries.
- OASIS (Chechik et al. 2010): 100,000 triplets of weighted sampling with 20% out of class, C = 0.1, on HOG projected on its 128 strongest directions. On all 1,764 numbers a triplet takes 6 to 10 ms: too few fit into a minute. C and the directions were chosen on a fifth of the learnt concepts.
- Classification features: the ConvNet of the other rows alone, softmax over the concepts that are learnt from, every picture once an epoch, SGD with Nesterov momentum at a learning rate of 0.01 (the others: 0.05; chosen on a fifth of the learnt concepts); its last features, at length 1.
- Ranking: hinge with g = 0.2 on squared distances, triplets of weighted sampling with 20% out of class, SGD with Nesterov momentum. Single-scale is the network without its two low-resolution paths, and so without the normalisation before they are joined. Beside oriented gradients: multi-scale ranking is half of the embedding, a linear map of histograms of oriented gradients the other, each ranked by itself (\`--hog\`).
`;

const table = (header, body) => `${markdownTable([header, ...body]).join('\n')}\n`;

function introduction(results) {
  const trained = results.filter(({ seconds }) => seconds !== undefined);
  const seconds = trained.map((result) => result.seconds).sort((a, b) => a - b);
  const steps = [...new Set(results.flatMap(({ configuration }) => configuration.steps ?? []))].sort((a, b) => a - b);
  const range =
    seconds.length === 0 ? '' : `; training took ${seconds[0].toFixed(0)} to ${seconds.at(-1).toFixed(0)} s a run`;
  return `# The paper's comparison, in miniature

Wang et al. (CVPR 2014) compare deep ranking with hand-made features and with a network that learnt to classify, and look at how triplets are sampled. Here the same is done on small pictures: emoji of up to seven designers, of which those of one concept are most alike, then those of one subgroup, then those of one group (Unicode's; relevance 1, 0.1, 0.01). Half of the concepts is learnt from, the other half judged on. 10,000 triplets with a negative of the query's group and 10,000 with one of another group, drawn once by relevance (margin 0.05), judge all rows; score-at-top-30 counts those whose positive or negative is among the query's 30 nearest of all judged pictures.

\`node bench/ablation/run.mjs\` makes what is missing, and this page; every run is in [bench/results/ablation](../bench/results/ablation). Networks are the small ones of this project at 64 x 64, trained ${steps.join(' or ')} steps of 120 pictures from random weights${range}. The paper's were far larger, pre-trained, and saw 24 million triplets: only the order of the rows can be compared. Numbers are means over the seeds; the interval of 95% is that of the queries and the spread of the seeds together.
`;
}

function gradedTable(names, byRow) {
  return table(
    ['', ...graded.map((measure) => measures[measure].name), 'seeds', 'paper'],
    names.map((name) => {
      const results = byRow.get(name);
      const published = paper[name];
      return [
        name === 'multi-scale' ? 'multi-scale ranking, weighted sampling, 20% out of class' : rows[name].about,
        ...graded.map((measure) => shownWithInterval(summarize(results, measure), measures[measure])),
        String(results.length),
        published === undefined ? '' : `${published.precision}; ${published.scoreAtTop30}`,
      ];
    }),
  );
}

/** What holds of the paper's order, pair by neighbouring pair. */
function orderSentences(get) {
  return ['precision', 'scoreAtTop30'].flatMap((measure) => {
    const order = Object.keys(paper).sort((a, b) => paper[a][measure] - paper[b][measure]);
    const found = order.slice(1).flatMap((name, place) => {
      const [lower, upper] = [get(order[place], measure), get(name, measure)];
      return lower === undefined || upper === undefined
        ? []
        : [pairSentence(order[place], name, lower, upper, measure)];
    });
    return found.length === 0
      ? []
      : [
          `By ${measures[measure].name} the paper has ${order.map((name) => rows[name].about).join(' < ')}. Here:\n`,
          ...found,
          '',
        ];
  });
}

function pairSentence(below, above, lower, upper, measure) {
  const how = measures[measure];
  const verdict = {
    above: 'holds',
    below: 'does not hold, it is the other way round',
    undecided: 'cannot be told',
  }[compare(upper, lower)];
  return `- ${rows[below].about} < ${rows[above].about}: ${verdict} (${shown(lower.value, how)}, ${shown(upper.value, how)}).`;
}

function samplingSentences(get) {
  const sentences = [];
  const nameOf = (law, percent) => (law === 'weighted' && percent === 20 ? 'multi-scale' : `${law}-${percent}`);
  for (const percent of [0, 20, 50, 100]) {
    const parts = ['precision', 'scoreAtTop30', 'recallAt1'].flatMap((measure) => {
      const [weighted, uniform] = [get(nameOf('weighted', percent), measure), get(nameOf('uniform', percent), measure)];
      if (weighted === undefined || uniform === undefined) return [];
      const how = measures[measure];
      const verdict = { above: 'better', below: 'worse', undecided: 'not to be told apart' }[
        compare(weighted, uniform)
      ];
      return [`${verdict} in ${how.name} (${shown(weighted.value, how)}, ${shown(uniform.value, how)})`];
    });
    if (parts.length > 0)
      sentences.push(`- ${percent}% out of class, weighted against uniform sampling: ${parts.join('; ')}.`);
  }
  for (const law of ['weighted', 'uniform']) {
    const parts = [
      ['precision', 20],
      ['scoreAtTop30', 0],
    ].flatMap(([measure, best]) => {
      const all = [0, 20, 50, 100].map((percent) => ({ percent, found: get(nameOf(law, percent), measure) }));
      if (all.some(({ found }) => found === undefined)) return [];
      const top = all.reduce((a, b) => (b.found.value > a.found.value ? b : a));
      const beaten = all
        .filter(({ found }) => compare(top.found, found) === 'above')
        .map(({ percent }) => `${percent}%`);
      const established =
        beaten.length === 0 ? 'none of the others is worse for certain' : `certainly above ${beaten.join(', ')}`;
      return [
        `by ${measures[measure].name} the best share is ${top.percent}% (${established}; the paper's best is ${best}%)`,
      ];
    });
    if (parts.length > 0)
      sentences.push(`- ${law === 'weighted' ? 'Weighted' : 'Uniform'} sampling: ${parts.join('; ')}.`);
  }
  return sentences.length === 0 ? [] : ['The paper found weighted sampling better than uniform.\n', ...sentences, ''];
}

const scaleRows = Object.keys(rows).filter((name) => rows[name].table === 'scales' && name.endsWith('-single'));
const multiOf = (single) => single.replace(/-single$/, '-multi');

function scalesTable(byRow) {
  const pairs = scaleRows.filter((name) => byRow.get(name).length > 0 && byRow.get(multiOf(name)).length > 0);
  return table(
    ['Recall@1', 'single-scale', 'multi-scale', 'seeds'],
    pairs.map((name) => [
      rows[name].about.replace(': single-scale', ''),
      ...[name, multiOf(name)].map((row) =>
        shownWithInterval(summarize(byRow.get(row), 'recallAt1'), measures.recallAt1),
      ),
      [name, multiOf(name)].map((row) => byRow.get(row).length).join(' and '),
    ]),
  );
}

function scaleSentences(get) {
  const claims = { above: [], below: [], undecided: [] };
  for (const single of scaleRows) {
    const [one, several] = [get(single, 'recallAt1'), get(multiOf(single), 'recallAt1')];
    if (one !== undefined && several !== undefined) {
      claims[compare(several, one)].push(rows[single].about.replace(': single-scale', ''));
    }
  }
  const say = (list, what) => (list.length === 0 ? [] : [`- ${what}: ${list.join('; ')}.`]);
  return [
    ...say(claims.above, 'Several scales are better'),
    ...say(claims.below, 'Several scales are worse'),
    ...say(claims.undecided, 'No difference that the runs could show'),
    '',
  ];
}
