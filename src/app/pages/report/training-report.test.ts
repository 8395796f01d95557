import { describe, expect, it } from 'vitest';
import {
  sampleFindings,
  sampleMeasures,
  sampleNotice,
  sampleReport,
} from '../../../../test/fixtures/training-report.ts';
import { sampleConfig, sampleLog } from '../../../../test/fixtures/training-run.ts';
import { cutToColumns } from '../../../foundation/text/cut-text.ts';
import { escapeHtml } from '../../html/html.ts';
import { trainingReport } from './training-report.ts';

const headings = (page: string) => [...page.matchAll(/<h2[^>]*>(.*?)<\/h2>/g)].map(([, text]) => text);
const small = { title: 'A run', config: sampleConfig, log: [], measures: [] };

describe('trainingReport', () => {
  it('has its headline, measures, pictures, charts, configuration and credits', async () => {
    const page = trainingReport(await sampleReport());
    expect(headings(page)).toEqual([
      'What the doctor found',
      'How well it finds',
      'Nearest neighbours',
      'Queries that find most',
      'Queries that find least',
      'Distances of pairs',
      'Map of the embeddings',
      'How the training went',
      'To repeat it',
      'Credits',
    ]);
    const figures = [
      ...page.matchAll(/<dt>([^<]*)<\/dt><dd class="figure">(.*?)<\/dd><dd class="detail">(.*?)<\/dd>/g),
    ];
    expect(figures.map(([, ...texts]) => texts)).toEqual([
      ['Recall@1', '43.7%', 'HOG: 36.5%'],
      ['MAP@R', '25.2%', 'HOG: 18.1%'],
      ['Similarity precision', '96.2%', 'HOG: 86.2%'],
      ['Training', '2 min 7 s', '836 images a second'],
    ]);
    expect(page).toContain(
      '2026-11-30. 8,766 pictures of 1,585 classes, 441 of 79 classes kept from training. Network small at 64 × 64 pixels, embeddings of 128 numbers, supervised contrastive loss, 885 steps in 2 min 7 s.',
    );
    expect(page.match(/<img /g)).toHaveLength(8 * 9 + 2);
    // Six curves and the distances; the map is another drawing.
    expect(page.match(/<svg class="chart"/g)).toHaveLength(7);
    expect(page.match(/<image href="data:/g)).toHaveLength(40);
    for (const { title } of sampleFindings) expect(page).toContain(`<h3>${title}</h3>`);
    expect(page).not.toContain('found nothing wrong');
    expect(page).toContain('3f2a9c41d07be65f8812c9a4e5b7d6301f4c2ab89d7e6f5041c3b2a1908f7e6d');
    expect(page).toContain('<dt>Seed</dt><dd>7</dd>');
  });

  it('refers to nothing outside but by the links of the notice', async () => {
    const page = trainingReport(await sampleReport());
    const links = [...page.matchAll(/<a href="(https?:[^"]*)" rel="noreferrer">\1<\/a>/g)].map(([, url]) => url);
    expect(links).toEqual(sampleNotice.match(/https:[^);]*/g));
    const rest = page.replace(/<a href="(https?:[^"]*)" rel="noreferrer">\1<\/a>/g, '');
    expect(rest).not.toMatch(/https?:|\burl\(|@import|<script|<link(?! rel="icon" href="data:,">)|srcset|\son\w+=/i);
    const sources = [...page.matchAll(/\b(?:src|href)="([^"]{0,30})/g)].map(([, source]) => source);
    expect(sources.filter((source) => !/^(data:|https?:)/.test(source))).toEqual([]);
  });

  it('shows hostile texts as texts, wherever they come from', async () => {
    const hostile = `</style></title><script>alert("1")</script><img src=x onerror='alert(2)'>&amp;`;
    const whole = await sampleReport();
    const page = trainingReport({
      ...whole,
      title: hostile,
      config: { ...sampleConfig, preset: hostile },
      measures: sampleMeasures.map((row) => ({ ...row, name: hostile, note: hostile })),
      neighbours: whole.neighbours!.map(({ query, results }) => ({ query: { ...query, name: hostile }, results })),
      dataHash: hostile,
      notice: hostile,
    });
    const escaped =
      '&lt;/style&gt;&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;alert(2)&#39;&gt;&amp;amp;';
    expect(page).not.toContain(hostile);
    expect(page).not.toMatch(/<script|<img src=x/);
    // Title twice, preset twice, three names and notes with names beside, best baseline thrice, six queries twice, hash, notice.
    expect(page.split(escaped)).toHaveLength(1 + 2 + 2 + 3 + 6 + 3 + 12 + 1 + 1);
    // The name under each query is cut short.
    expect(page.split(escapeHtml(cutToColumns(hostile, 40)))).toHaveLength(1 + 6);
  });

  it('says that the doctor found nothing', () => {
    const page = trainingReport({ ...small, findings: [] });
    expect(headings(page)).toEqual(['How the training went', 'To repeat it']);
    expect(page).toContain('The doctor looked at the run and its pictures and found nothing wrong.');
  });

  it('leaves out what there is no data for', () => {
    const page = trainingReport(small);
    expect(headings(page)).toEqual(['How the training went', 'To repeat it']);
    expect(page).toContain('The log of this run has no lines yet.');
    expect(page).toContain('885 steps planned.');
    expect(page).not.toContain('doctor');
    expect(page).not.toMatch(/undefined|NaN|Infinity/);
  });

  it('shows the held-out score where nothing else was measured, and that a run is not at its end', () => {
    const log = sampleLog().slice(0, 100);
    const page = trainingReport({ ...small, log });
    expect(page).toContain('<dt>MAP@R, held out</dt><dd class="figure">27.0%</dd>');
    expect(page).toContain('95% interval 24.5–29.5');
    expect(page).toMatch(/<dt>Steps<\/dt><dd>\d+ of 885<\/dd>/);
  });

  it('says of the best score when it was, and names what is active by the loss', () => {
    const rising = sampleLog();
    const page = trainingReport({
      ...small,
      config: { ...sampleConfig, loss: { kind: 'hinge', gap: 1, distance: 'euclidean' } },
      log: [...rising, { ...(rising.find((line) => isEvaluation(line)) as object), step: 886 }],
    });
    expect(page).toContain('17.6% at step 886, best 30.6% at step 885; the band is the 95% interval.');
    expect(page).toContain('<h3>Active triplets</h3>');
    expect(page).toContain('hinge loss on triplets');
  });

  it('shows measures without a baseline, and only those that there are', () => {
    const values = { similarityPrecision: { value: 0.9, low: 0.88, high: 0.92 } };
    const page = trainingReport({ ...small, measures: [{ name: 'trained', values }] });
    expect(page).toContain(
      '<div><dt>Similarity precision</dt><dd class="figure">90.0%</dd><dd class="detail">no baseline</dd></div>\n</dl>',
    );
    expect(page.match(/class="figure"/g)).toHaveLength(1);
  });

  it('says what the loader gave, where the log has it', () => {
    const log = sampleLog().map((line) =>
      isEvaluation(line) ? line : { ...(line as object), loaderImagesPerSecond: 2000 },
    );
    expect(trainingReport({ ...small, log })).toContain('the loader by itself gave 2,000 in the end.');
    expect(trainingReport({ ...small, log: sampleLog() })).not.toContain('the loader');
  });

  it('tells of the pre-training before the training, with its curves, and what became of its last layer', () => {
    const page = trainingReport({ ...small, log: sampleLog(), pretraining: { log: sampleLog(), classes: 79 } });
    expect(headings(page)).toEqual(['How the pre-training went', 'How the training went', 'To repeat it']);
    expect(page).toContain('Before the ranking its ConvNet was trained to tell 79 classes apart.');
    expect(page).toContain('images that another class seems likelier for');
  });

  it('refuses a log that is none', () => {
    expect(() => trainingReport({ ...small, log: ['x'] })).toThrow('line 1 of the training log must be an object');
  });
});

const isEvaluation = (line: unknown) =>
  typeof line === 'object' && line !== null && 'kind' in line && line.kind === 'evaluation';
