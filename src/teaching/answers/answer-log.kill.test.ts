import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { AnswerLog } from './answer-log.ts';

// A child needs plain JavaScript: it takes the built log, which the test command makes before the tests.
const built = pathToFileURL(path.resolve('dist/teaching/answers/answer-log.js')).href;

/** Records answer after answer, from the number it is told on, and reports each one that the log has taken. */
const rater = `
  import { AnswerLog } from ${JSON.stringify(built)};
  const [folder, first] = process.argv.slice(1);
  const log = await AnswerLog.open(folder);
  for (let n = Number(first); ; n++) {
    await log.record({ kind: 'triplet', rater: 'ann', seconds: 1, reason: 'random', keptAside: false,
      query: 'q' + n, left: 'a'.repeat(2000), right: 'b', answer: 'left' });
    process.stdout.write(n + '\\n');
  }`;

it('keeps every answer that was taken, through kills at any moment', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'answers-kill-'));
  try {
    let recorded = 0;
    for (let kill = 0; kill < 4; kill++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', rater, folder, String(recorded)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const closed = once(child, 'close');
      let taken = recorded;
      const target = recorded + 3 + 7 * kill;
      createInterface({ input: child.stdout }).on('line', (line) => {
        taken = Number(line) + 1;
        if (taken === target) child.kill('SIGKILL');
      });
      await closed;
      await using log = await AnswerLog.open(folder);
      const queries = log.answers.map(({ query }) => query);
      expect(taken).toBeGreaterThanOrEqual(target);
      expect(queries.length).toBeGreaterThanOrEqual(taken);
      expect(queries).toEqual(queries.map((_, n) => `q${n}`));
      recorded = queries.length;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
