import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hueSteps, makeColouredShapes, writeColourBlindModel } from '../../../test/fixtures/coloured-shapes.ts';
import { loadModel } from '../../catalogue/embedding/embedder.ts';
import type { Engine } from '../../engines/engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { loadDataset } from '../../pictures/datasets/load-dataset.ts';
import type { NewAnswer } from '../answers/answer.ts';
import type { Question } from './question.ts';
import { TeachingSession } from './teaching-session.ts';

let folder: string;
let engine: Engine;
/** Hue of each picture, in degrees. */
let hues: ReadonlyMap<string, number>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'teaching-'));
  engine = await OnnxruntimeEngine.create({ threads: 1 });
  await writeColourBlindModel(path.join(folder, 'model.onnx'));
  hues = await makeColouredShapes(path.join(folder, 'pictures'), 60);
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function openSession(): Promise<TeachingSession> {
  const { images } = await loadDataset(path.join(folder, 'pictures'));
  return TeachingSession.open({ images, model: path.join(folder, 'model.onnx'), folder: answersFolder(), engine });
}
const answersFolder = () => path.join(folder, 'answers');

const unlike = (a: string, b: string) => hueSteps(hues.get(a)!, hues.get(b)!);

/** Answers by colour alone. */
function answerOf(question: Question, rater = 'ann'): NewAnswer {
  const given = { rater, seconds: 2, reason: question.reason, keptAside: question.keptAside, query: question.query };
  if (question.kind === 'grid') {
    const { candidates } = question;
    const marked = candidates.filter((one) => unlike(question.query, one) < 40);
    return { kind: 'grid', ...given, candidates: [...candidates], marked };
  }
  const { left, right } = question;
  const answer = unlike(question.query, left) < unlike(question.query, right) ? 'left' : 'right';
  return { kind: 'triplet', ...given, left, right, answer };
}

describe('TeachingSession', () => {
  it('is taught what a rater goes by, and the model that it writes ranks so', { timeout: 120_000 }, async () => {
    await using session = await openSession();
    const query = '07.png';
    const meanHue = (ids: readonly string[]) => ids.reduce((sum, id) => sum + unlike(query, id), 0) / ids.length;
    const before = meanHue(session.nearest(query, 8));
    for (let n = 0; n < 80; n++)
      await session.record(answerOf(session.question('ann', n % 4 === 3 ? 'grid' : 'triplet')));
    const progress = session.progress();
    expect(progress).toMatchObject({ answers: 80, raters: [{ name: 'ann', answers: 80 }], contradictions: 0 });
    expect(progress.cost.grid!.triplets).toBeGreaterThan(10);
    const taught = await session.teach();
    expect(taught.kept).toBe(true);
    expect(taught.after).toBeGreaterThan(taught.before + 0.15);
    expect(session.isTaught).toBe(true);
    const after = session.nearest(query, 8);
    expect(meanHue(after)).toBeLessThan(0.7 * before);

    await using embedder = await loadModel(taught.model!, { engine });
    expect(embedder.model.metadata.training).toMatchObject({ taught: { answers: 80, after: taught.after } });
    const vectors = await embedder.embedImages(
      [...session.images.keys()].map((id) => path.join(folder, 'pictures', id)),
    );
    const ids = [...session.images.keys()];
    const from = vectors[ids.indexOf(query)];
    const distances = vectors.map((vector) => vector.reduce((sum, value, i) => sum + (value - from[i]) ** 2, 0));
    const ranked = ids
      .filter((id) => id !== query)
      .sort((a, b) => distances[ids.indexOf(a)] - distances[ids.indexOf(b)]);
    expect(ranked.slice(0, 8)).toEqual(after);
  });

  it('has all answers when it is opened again, and goes on where the rater was', async () => {
    const first = await openSession();
    const question = first.question('bob', 'triplet');
    expect(first.question('bob', 'triplet')).toEqual(question);
    const before = first.answers.length;
    await first.record(answerOf(question, 'bob'));
    const next = first.question('bob', 'triplet');
    await first.close();
    await using second = await openSession();
    expect(second.answers).toHaveLength(before + 1);
    expect(second.question('bob', 'triplet').query).toBe(next.query);
    expect(await second.undo('bob')).toMatchObject({ query: question.query });
    expect(second.question('bob', 'triplet').query).toBe(question.query);
  });

  it('asks a contradiction again, at every fifth turn', async () => {
    await using session = await openSession();
    const question = session.question('eve', 'triplet');
    if (question.kind !== 'triplet') throw new Error('a triplet was asked for');
    const said = answerOf(question, 'eve');
    if (said.kind !== 'triplet') throw new Error('a triplet was asked for');
    for (const answer of ['left', 'right', 'skip', 'skip'] as const) await session.record({ ...said, answer });
    const again = session.question('eve', 'triplet');
    expect(again).toMatchObject({ reason: 'again', query: question.query });
    const { contradictions } = session.progress();
    // As colours say, with the other raters.
    await session.record({ ...said, reason: 'again' });
    expect(session.progress().contradictions).toBe(contradictions - 1);
  });

  it('keeps an answer aside by its query, whatever is said, and knows its own pictures only', async () => {
    await using session = await openSession();
    const question = session.question('joe', 'triplet');
    const recorded = await session.record({ ...answerOf(question, 'joe'), keptAside: !question.keptAside });
    expect(recorded.keptAside).toBe(question.keptAside);
    await expect(session.record({ ...answerOf(question, 'joe'), query: 'no.png' })).rejects.toMatchObject({
      code: 'usage',
    });
  });
});
