import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type ServedCatalogue, serveCatalogue } from '../../../test/support/running-service.ts';
import type { RequestError } from '../../foundation/errors/request-error.ts';
import { takeLock } from '../../foundation/files/lock.ts';
import { LookalikeClient } from '../client/client.ts';
import { runLogSchema, runsSchema } from '../protocol/runs.ts';

const golden = path.resolve(import.meta.dirname, '../../../test/golden/former');
let served: ServedCatalogue;
let folder: string;
let url: string;
let client: LookalikeClient;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'runs-'));
  await cp(path.join(golden, 'ended'), path.join(folder, 'ended, it seems & more'), { recursive: true });
  await cp(path.join(golden, 'stopped'), path.join(folder, 'stopped'), { recursive: true });
  await mkdir(path.join(folder, 'no run'));
  await writeFile(path.join(folder, 'no run', 'log.jsonl'), '{}\n');
  await symlink(path.join(golden, 'ended'), path.join(folder, 'a link'));
  served = await serveCatalogue();
  ({ url } = await served.start({ runs: folder }));
  client = new LookalikeClient(url);
});
afterAll(async () => {
  await served.remove();
  await rm(folder, { recursive: true });
});

const ended = 'ended, it seems & more';
const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => expect.fail('it is not refused'),
    ({ problem, path: part }: RequestError) => ({ problem, path: part }),
  );

describe('training runs', () => {
  it('are listed with how they stand, and nothing that is no run or a link to one', async () => {
    const { runs } = runsSchema.parse(await client.runs());
    expect(runs.map(({ name, state, hasReport }) => ({ name, state, hasReport })).sort(byName)).toEqual([
      { name: ended, state: 'finished', hasReport: false },
      { name: 'stopped', state: 'stopped', hasReport: false },
    ]);
    const lock = await takeLock(path.join(folder, 'stopped', 'lock.json'), 'training');
    try {
      expect((await client.runs()).runs.find(({ name }) => name === 'stopped')?.state).toBe('training');
    } finally {
      await lock.release();
    }
  });

  it('tell their course, as their log has it', async () => {
    const log = runLogSchema.parse(await client.runLog(ended));
    const text = await readFile(path.join(folder, ended, 'log.jsonl'), 'utf8');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const steps = lines.filter(({ kind }) => kind === 'step');
    expect(steps.length).toBeGreaterThan(3);
    expect(log.steps.map(({ step, loss, of }) => ({ step, loss, of }))).toEqual(
      steps.map(({ step, loss, steps: of }) => ({ step, loss, of })),
    );
    const evaluations = lines.filter(({ kind }) => kind === 'evaluation');
    expect(log.evaluations.map(({ step, measures }) => [step, measures['recallAt1'], measures['mapAtR']])).toEqual(
      evaluations.map(({ step, report: { measures } }) => [step, measures.recallAt1.value, measures.mapAtR.value]),
    );
    expect(log).toMatchObject({ next: Buffer.byteLength(text), isWhole: true });
    expect(await client.runLog(ended, log.next)).toEqual({ steps: [], evaluations: [], next: log.next, isWhole: true });
  });

  it('tell only what is new, line by whole line, and all of it where a log was begun anew', async () => {
    const run = path.join(folder, 'growing');
    const file = path.join(run, 'log.jsonl');
    await mkdir(run);
    await writeFile(path.join(run, 'config.json'), '{}');
    expect(await client.runLog('growing')).toEqual({ steps: [], evaluations: [], next: 0, isWhole: true });
    const line = (step: number) =>
      `${JSON.stringify({ kind: 'step', step, epoch: 0, loss: 1 / step, activeShare: 1, learningRate: 1, imagesPerSecond: 1 })}\n`;
    const stepsAfter = async (after: number) => {
      const { steps, next, isWhole } = await client.runLog('growing', after);
      return { steps: steps.map(({ step }) => step), next, isWhole };
    };
    await writeFile(file, `no line\n${line(1)}${line(2).slice(0, 20)}`);
    const first = await stepsAfter(0);
    expect(first.steps).toEqual([1]);
    await appendFile(file, line(2).slice(20));
    const second = await stepsAfter(first.next);
    expect(second.steps).toEqual([2]);
    await truncate(file, 0);
    await appendFile(file, line(7));
    expect((await stepsAfter(second.next)).steps).toEqual([7]);
    const many = Array.from({ length: 6000 }, (_, step) => line(step + 1)).join('');
    await writeFile(file, many);
    const told: number[] = [];
    for (let part = await stepsAfter(0); ; part = await stepsAfter(part.next)) {
      told.push(...part.steps);
      if (part.isWhole) break;
    }
    expect(told).toEqual(Array.from({ length: 6000 }, (_, step) => step + 1));
  });

  it('show their report as a page that can do nothing here', async () => {
    await writeFile(path.join(folder, 'stopped', 'report.html'), '<style>p{}</style><script>1</script>ü');
    const answer = await ask(`${url}/v1/runs/report?name=stopped`);
    expect(answer).toMatchObject({ status: 200, body: '<style>p{}</style><script>1</script>ü' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toMatch(/default-src 'none'.*sandbox$/);
    expect(policy).not.toMatch(/script|allow/);
    expect(await client.runReport('stopped')).toContain('ü');
  });

  it.each(['..', '.', '../stopped', 'stopped/', 'no run/../stopped', 'a link', 'none', '/etc', 'stopped\0'])(
    "are found by their own names alone: not as '%s'",
    async (name) => {
      expect(await refusal(client.runLog(name))).toMatchObject({ problem: 'not-found' });
      expect(await refusal(client.runReport(name))).toMatchObject({ problem: 'not-found' });
    },
  );

  it('are read in their folders alone: a link in one leads nowhere', async () => {
    await symlink(path.join(golden, 'expected.json'), path.join(folder, ended, 'report.html'));
    expect(await refusal(client.runReport(ended))).toEqual({ problem: 'not-found', path: 'name' });
  });

  it('are refused by a name that is too long, and where no folder was given', async () => {
    expect(await refusal(client.runLog('x'.repeat(256)))).toEqual({ problem: 'usage', path: 'query.name' });
    expect(await refusal(client.runLog('stopped', -1))).toEqual({ problem: 'usage', path: 'query.after' });
    const { url: without } = await served.start();
    const other = new LookalikeClient(without);
    expect(await other.about()).toMatchObject({ runs: false });
    expect(await client.about()).toMatchObject({ runs: true });
    for (const asked of [other.runs(), other.runLog('stopped'), other.runReport('stopped')]) {
      expect(await refusal(asked)).toMatchObject({ problem: 'not-found' });
    }
  });
});

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
