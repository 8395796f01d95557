import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileError } from '../../foundation/errors/file-error.ts';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { readTripletFile } from '../../ranking/triplets/read-triplet-file.ts';
import type { NewAnswer } from './answer.ts';
import { AnswerLog, answersFile, readAnswers } from './answer-log.ts';
import { exportAnswers } from './export-answers.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'answers-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const said = (query: string, rater = 'ann'): NewAnswer => ({
  kind: 'triplet',
  rater,
  seconds: 1.5,
  reason: 'random',
  keptAside: false,
  query,
  left: 'a.png',
  right: 'b, "c".png',
  answer: 'right',
});

describe('AnswerLog', () => {
  it('has the answers of all raters when it is opened again, but for those that were taken back', async () => {
    const log = await AnswerLog.open(path.join(folder, 'new'));
    await log.record(said('p'));
    await log.record(said('q', 'bob'));
    await log.record(said('r'));
    expect(await log.undo('bob')).toMatchObject({ query: 'q' });
    expect(await log.undo('bob')).toBeUndefined();
    await log.close();
    await using again = await AnswerLog.open(path.join(folder, 'new'));
    expect(again.answers.map(({ query }) => query)).toEqual(['p', 'r']);
    expect(await again.undo('ann')).toMatchObject({ query: 'r' });
    expect(await again.undo('ann')).toMatchObject({ query: 'p' });
    expect(again.answers).toEqual([]);
    expect(await readAnswers(path.join(folder, 'new'))).toEqual([]);
  });

  it('drops a torn last line and refuses a line that is no answer, naming it', async () => {
    const file = path.join(folder, answersFile);
    const log = await AnswerLog.open(folder);
    await log.record(said('q'));
    await log.close();
    await appendFile(file, '{"kind":"trip');
    const torn = await AnswerLog.open(folder);
    expect(torn.answers).toHaveLength(1);
    await torn.close();
    await writeFile(file, `${await readFile(file, 'utf8')}{"kind":"triplet","rater":""}\n`);
    await expect(AnswerLog.open(folder)).rejects.toThrow(
      /line 2 of '.*answers\.jsonl' is not an answer: 'id' is missing/,
    );
    await expect(AnswerLog.open(folder)).rejects.toBeInstanceOf(FileError);
  });

  it('lets one process at a time have the log', async () => {
    await using _ = await AnswerLog.open(folder);
    await expect(AnswerLog.open(folder)).rejects.toThrow(/is being labelled/);
  });

  it('refuses what is no answer, and writes nothing of it', async () => {
    await using log = await AnswerLog.open(folder);
    const refused = [
      { ...said('q'), rater: '' },
      { ...said('q'), left: 'q' },
      { ...said('q'), seconds: -1 },
      { ...said('q'), kind: 'grid', candidates: ['a', 'b'], marked: ['c'] },
    ] as NewAnswer[];
    for (const answer of refused) await expect(log.record(answer)).rejects.toBeInstanceOf(UsageError);
    await expect(log.record(refused[2])).rejects.toMatchObject({ path: 'seconds' });
    expect(await readFile(path.join(folder, answersFile), 'utf8')).toBe('');
  });
});

describe('exportAnswers', () => {
  it('writes what the reader of triplet files reads back, all or one part', async () => {
    await using log = await AnswerLog.open(folder);
    await log.record(said('q.png'));
    await log.record({ ...said('r.png'), keptAside: true });
    const file = path.join(folder, 'out.csv');
    expect(await exportAnswers(file, log.answers, '/pictures')).toBe(2);
    expect(await exportAnswers(file, log.answers, '/pictures', { part: 'aside' })).toBe(1);
    const rows = [];
    for await (const row of readTripletFile(file)) rows.push(row);
    const pathOf = (name: string) => path.resolve('/pictures', name);
    expect(rows).toMatchObject([{ query: pathOf('r.png'), positive: pathOf('b, "c".png'), negative: pathOf('a.png') }]);
    const none = exportAnswers(file, log.answers, '/pictures', { unanimous: 2 });
    await expect(none).rejects.toThrow(/no triplets to write/);
  });
});
