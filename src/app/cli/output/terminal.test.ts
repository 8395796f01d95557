import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorLine } from './error-line.ts';
import { Terminal } from './terminal.ts';

function terminalWith(json = false) {
  const written = { stdout: '', stderr: '' };
  const to = (stream: 'stdout' | 'stderr') => ({
    isTTY: true,
    columns: 300,
    write: (text: string) => {
      written[stream] += text;
    },
  });
  const terminal = new Terminal(
    { stdout: to('stdout'), stderr: to('stderr'), signal: new AbortController().signal },
    json,
  );
  return { terminal, written };
}

const hostile = 'a\u001b]0;x\u0007\r\n\u009b\u202e\u2028\ud83dz';
const shown = 'a\\x1b]0;x\\x07\\x0d\\x0a\\x9b\\u202e\\u2028\\ud83dz';

describe('what a terminal shows of long work', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is a bar for each part, one after the other, and one anew where the same work begins again', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { terminal, written } = terminalWith();
    const show = (work: string, done: number, total: number | undefined) => {
      vi.advanceTimersByTime(2000);
      terminal.showProgress({ work, unit: 'images', done, total });
    };
    const lines = () => {
      const shownNow = written.stderr.split('\r\u001b[K').filter(Boolean);
      written.stderr = '';
      return shownNow;
    };
    show('embedding', 1, 4);
    show('embedding', 2, 4);
    expect(lines()).toEqual(['embedding [##########----------] 2 of 4 images, 1.0/s, 2.0 s left']);
    show('judging', 1, 4);
    show('judging', 4, 4);
    expect(lines()).toEqual(['judging [####################] 4 of 4 images, 2.0/s']);
    show('judging', 1, undefined);
    show('judging', 3, undefined);
    expect(lines()).toEqual(['judging [####################] 3 of 3 images, 1.5/s']);
    terminal.clear();
    expect(written.stderr).toBe('\r\u001b[K');
  });
});

describe('a terminal', () => {
  it.each<[string, (terminal: Terminal) => void, 'stdout' | 'stderr', string]>([
    ['say', (terminal) => terminal.say(hostile), 'stdout', `${shown}\n`],
    ['warn', (terminal) => terminal.warn(hostile), 'stderr', `lookalike: warning: ${shown}\n`],
    ['fail', (terminal) => terminal.fail(hostile), 'stderr', `lookalike: ${shown}\n`],
  ])('shows what it would obey, by %s', (_, call, stream, line) => {
    const { terminal, written } = terminalWith();
    call(terminal);
    expect(written).toEqual({ stdout: '', stderr: '', [stream]: line });
  });

  it('shows it in text of several lines, too', () => {
    const { terminal, written } = terminalWith();
    terminal.show('one\n\u001btwo\n');
    terminal.showInstead('three\r\nfour');
    terminal.fail('no luck', 'at \u001b[2J\n  at b');
    expect(written).toEqual({
      stdout: 'one\n\\x1btwo\n',
      stderr: 'three\\x0d\nfour\nlookalike: no luck\nat \\x1b[2J\n  at b\n',
    });
  });

  it('prints documents that hold the very values, and nothing that a terminal obeys', () => {
    const { terminal, written } = terminalWith(true);
    terminal.say(hostile);
    terminal.print({ [hostile]: [hostile, 1] }, 'it');
    expect(JSON.parse(written.stdout)).toEqual({ [hostile]: [hostile, 1] });
    expect(written.stdout).not.toMatch(/[^\n -~]/);
    terminal.fail(hostile);
    expect(written.stderr).toBe(`lookalike: ${shown}\n`);
  });

  it('cuts a line that nobody would read to its end', () => {
    const { terminal, written } = terminalWith();
    terminal.say('x'.repeat(1e6));
    terminal.warn(`${'x'.repeat(1e6)}, the end`);
    expect(written.stdout).toMatch(/^x{5334} … \(992000 letters left out\) … x{2666}\n$/);
    expect(written.stderr.length).toBeLessThan(9000);
    expect(written.stderr).toMatch(/, the end\n$/);
  });
});

describe('errorLine', () => {
  it.each<[unknown, string]>([
    [new Error(' one\r\n   two\n\n three '), 'one two  three'],
    ['text', 'text'],
    [new Error(''), 'something failed without a message'],
  ])('of %j is %j', (error, line) => {
    expect(errorLine(error)).toBe(line);
  });

  it('leaves the middle of an enormous message out', () => {
    const line = errorLine(new Error(`begin ${'y'.repeat(10_000_000)} end`));
    expect(line).toMatch(/^begin y+ … \(9998010 letters left out\) … y+ end$/);
    expect(line.length).toBeLessThan(2100);
  });
});

it('nothing but the program itself writes to the terminal: commands speak through Terminal', async () => {
  const source = path.resolve(import.meta.dirname, '../../..');
  const files = (await readdir(source, { recursive: true })).filter((file) => /(?<!\.test)\.ts$/.test(file));
  const writers: string[] = [];
  for (const file of files) {
    const code = (await readFile(path.join(source, file), 'utf8')).replace(/^ *(\*|\/\/|\/\*).*$/gm, '');
    if (/process\.std(out|err)|\bconsole\.|\bstderr\.write|\bstdout\.write/.test(code)) writers.push(file);
  }
  // command-thread writes what the thread's Terminal has made. step-speed-process and decoder-process are programs of their own,
  // whose output the process that started them reads.
  expect(writers.sort()).toEqual(
    [
      'app/cli/main.ts',
      'app/cli/thread/command-thread.ts',
      'app/machine-speed/step-speed-process.ts',
      'pictures/decoding/process/decoder-process.ts',
    ].map(path.normalize),
  );
});
