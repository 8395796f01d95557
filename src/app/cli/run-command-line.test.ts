import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UsageError } from '../../foundation/errors/usage-error.ts';
import { defineCommand } from './command.ts';
import { oneOf, wholeNumber } from './options/option-values.ts';
import { runCommandLine } from './run-command-line.ts';
import { StoppedBySignal } from './thread/stop-signal.ts';

const draw = defineCommand({
  name: 'draw',
  group: 'Look around',
  summary: 'draw a shape',
  arguments: [{ name: 'file', description: 'where to' }],
  options: [
    { flags: '-s, --side-length <n>', aliases: ['--px'], description: 'pixels', default: '8' },
    { flags: '--shape <name>', elsewhere: ['--form'], description: 'what', default: 'disc' },
    { flags: '--fill', aliases: ['--solid'], description: 'filled' },
  ],
  examples: ['lookalike draw a.png', 'lookalike draw a.png --fill'],
  input: z.object({
    file: z.string(),
    sideLength: wholeNumber({ min: 1, max: 64 }),
    shape: oneOf(['disc', 'ring']),
    fill: z.boolean().default(false),
  }),
  async run(input, terminal) {
    terminal.remark('sharpening the pencil');
    terminal.note('pencil: soft');
    terminal.say(`drawing ${input.shape}`);
    terminal.warn('the ink is low');
    return { ...input };
  },
});

const fail = defineCommand({
  name: 'fail',
  group: 'Look around',
  summary: 'fail',
  arguments: [],
  options: [],
  examples: ['lookalike fail'],
  input: z.object({}),
  async run() {
    throw new Error('no\n   luck', { cause: new Error('the deeper reason') });
  },
});

const refuse = defineCommand({
  ...{ name: 'refuse', group: 'Look around', summary: 'refuse', arguments: [], options: [] },
  examples: ['lookalike refuse'],
  input: z.object({}),
  async run() {
    throw new UsageError('choices.rows: 7 was given, but it takes threes', {
      path: 'choices.rows',
      expected: 'threes',
    });
  },
});

const wait = (stopsItself: boolean) =>
  defineCommand({
    name: stopsItself ? 'tidy' : 'wait',
    group: 'Look around',
    summary: 'wait',
    arguments: [],
    options: [],
    examples: ['lookalike wait'],
    stopsItself,
    json: false,
    input: z.object({}),
    run: (_, terminal) =>
      new Promise((resolve) => {
        terminal.signal.addEventListener('abort', () => {
          if (!stopsItself) return;
          terminal.say('all is stored');
          resolve(undefined);
        });
      }),
  });

async function run(argv: readonly string[], stopAfter?: number) {
  let [stdout, stderr] = ['', ''];
  const stop = new AbortController();
  if (stopAfter !== undefined) setTimeout(() => stop.abort(new Error('stopped by SIGINT')), stopAfter);
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    signal: stop.signal,
  };
  const code = await runCommandLine(argv, streams, [draw, fail, refuse, wait(true), wait(false)], '1.2.3');
  return { code, stdout, stderr };
}

describe('a command line', () => {
  it('runs a command with its arguments, options and defaults', async () => {
    expect(await run(['draw', 'a.png'])).toEqual({
      code: 0,
      stdout: 'sharpening the pencil\ndrawing disc\n',
      stderr: 'pencil: soft\nlookalike: warning: the ink is low\n',
    });
  });

  it.each(['-q', '--quiet'])('prints results and warnings alone under %s', async (quiet) => {
    expect(await run(['draw', 'a.png', quiet])).toEqual({
      code: 0,
      stdout: 'drawing disc\n',
      stderr: 'lookalike: warning: the ink is low\n',
    });
  });

  it('takes the other names of an option', async () => {
    const document = async (...argv: string[]) => JSON.parse((await run(['draw', 'a', '--json', ...argv])).stdout);
    expect(await document('--px', '16', '--solid')).toEqual(await document('-s', '16', '--fill'));
    expect(await document('--px=12')).toMatchObject({ sideLength: 12, fill: false });
    // As of any option that is given twice, the last one counts.
    expect(await document('--px', '12', '-s', '9')).toMatchObject({ sideLength: 9 });
    expect(await document('-s', '9', '--px', '12')).toMatchObject({ sideLength: 12 });
    const { stderr } = await run(['draw', 'a', '-q', '-s', '9', '--px', '12', '--shape', 'disc', '--shape', 'disc']);
    expect(stderr).toBe(
      "lookalike: warning: option '-s, --side-length, --px <n>' is given twice: the last one counts, '12', and '9' does not\n" +
        'lookalike: warning: the ink is low\n',
    );
  });

  it('prints exactly one JSON document under --json', async () => {
    const { code, stdout } = await run(['draw', 'a b.png', '--json', '-s', '16', '--shape', 'ring', '--fill']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ file: 'a b.png', sideLength: 16, shape: 'ring', fill: true });
  });

  it.each([
    [['drwa'], "lookalike: unknown command 'drwa' (did you mean draw?); see 'lookalike --help'\n"],
    [['draw', 'a', '--fil'], "lookalike: unknown option '--fil' (did you mean --fill?); see 'lookalike draw --help'\n"],
    [['--vresion'], "lookalike: unknown option '--vresion' (did you mean --version?); see 'lookalike --help'\n"],
    [
      ['draw', 'a', '--form', 'x'],
      "lookalike: unknown option '--form': here it is --shape; see 'lookalike draw --help'\n",
    ],
    [
      ['draw', 'a', '--sold'],
      "lookalike: unknown option '--sold' (did you mean --solid?); see 'lookalike draw --help'\n",
    ],
    [['draw', 'a', '--zzz'], "lookalike: unknown option '--zzz'; see 'lookalike draw --help'\n"],
    [
      ['--json', 'draw'],
      "lookalike: unknown option '--json': it goes behind the name of a command; see 'lookalike --help'\n",
    ],
    [['drwa', '--help'], "lookalike: unknown command 'drwa' (did you mean draw?); see 'lookalike --help'\n"],
    [['drwa', '--version'], "lookalike: unknown command 'drwa' (did you mean draw?); see 'lookalike --help'\n"],
    [['help', 'drwa'], "lookalike: unknown command 'drwa' (did you mean draw?); see 'lookalike --help'\n"],
    [['help', 'nonsense'], "lookalike: unknown command 'nonsense'; see 'lookalike --help'\n"],
    [['nonsense', '-h'], "lookalike: unknown command 'nonsense'; see 'lookalike --help'\n"],
    [['draw'], "lookalike: missing required argument 'file'; see 'lookalike draw --help'\n"],
    [
      ['draw', 'a', 'b'],
      "lookalike: too many arguments for 'draw': it takes <file>, got 'b' besides; see 'lookalike draw --help'\n",
    ],
    [
      ['draw', 'a', '-s', '65'],
      "lookalike: option '-s, --side-length, --px <n>' must be a whole number from 1 to 64, got '65'; see 'lookalike draw --help'\n",
    ],
    [
      ['draw', 'a', '-s', '1.5'],
      "lookalike: option '-s, --side-length, --px <n>' must be a whole number from 1 to 64, got '1.5'; see 'lookalike draw --help'\n",
    ],
    [
      ['draw', 'a', '--shape', 'dsic'],
      "lookalike: option '--shape <name>' must be one of disc, ring (did you mean disc?), got 'dsic'; see 'lookalike draw --help'\n",
    ],
    [
      ['draw', 'a', '-s'],
      "lookalike: option '-s, --side-length, --px <n>' argument missing; see 'lookalike draw --help'\n",
    ],
    [['wait', '--json'], "lookalike: unknown option '--json'; see 'lookalike wait --help'\n"],
  ])('explains what is wrong with %j in one line, with code 2', async (argv, line) => {
    const { code, stdout, stderr } = await run(argv);
    expect(stderr).toBe(line);
    expect(code).toBe(2);
    expect(stdout === '' || argv.includes('--json')).toBe(true);
  });

  it('prints an error as one line with code 1, where it happened only under --verbose, and a document under --json', async () => {
    expect(await run(['fail'])).toEqual({ code: 1, stdout: '', stderr: 'lookalike: no luck\n' });
    const verbose = await run(['fail', '--verbose']);
    expect(verbose.stderr).toMatch(
      /^lookalike: no luck\nError: no\n[\s\S]*run-command-line.test[\s\S]*caused by: Error: the deeper reason/,
    );
    const json = await run(['fail', '--json']);
    expect(JSON.parse(json.stdout)).toEqual({ error: 'no luck' });
    expect(json).toMatchObject({ code: 1, stderr: 'lookalike: no luck\n' });
    expect(JSON.parse((await run(['draw', '--json'])).stdout)).toMatchObject({
      error: expect.stringMatching(/missing/),
    });
  });

  it('ends with code 2, in the words of the command line, where the library refuses what was typed', async () => {
    const stderr = 'lookalike: --rows 7 was given, but it takes threes\n';
    expect(await run(['refuse'])).toEqual({ code: 2, stdout: '', stderr });
    expect((await run(['refuse', '--json'])).code).toBe(2);
  });

  it('prints help and version to standard output with code 0', async () => {
    for (const argv of [['--help'], ['help'], ['-h']]) {
      const { code, stdout, stderr } = await run(argv);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/draw .*draw a shape/);
    }
    for (const argv of [
      ['draw', '--help'],
      ['help', 'draw'],
    ]) {
      const { code, stdout } = await run(argv);
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /draw a shape[\s\S]*-s, --side-length, --px <n> +pixels \(default: "8"\)[\s\S]*Examples:\n {2}lookalike draw a.png\n/,
      );
    }
    for (const version of ['--version', '-V', '-v']) {
      expect(await run([version])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
    }
    expect((await run(['--help'])).stdout).toMatch(/\n {2}-v, -V, --version +print the version\n/);
    expect(await run([])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/Usage: lookalike/) });
  });

  it('leaves a command where it stands when the user stops it, and waits for one that stops itself', async () => {
    expect(await run(['wait'], 20)).toEqual({ code: 130, stdout: '', stderr: 'lookalike: stopped by SIGINT\n' });
    expect(await run(['tidy'], 20)).toEqual({ code: 0, stdout: 'all is stored\n', stderr: '' });
  });

  it.each([
    ['wait', 143],
    ['tidy', 130],
  ])('does not begin %s when it is to stop already, nor says that it has', async (name, code) => {
    const began: boolean[] = [];
    let stderr = '';
    const streams = {
      stdout: { write: () => {} },
      stderr: { write: (text: string) => (stderr += text) },
      signal: AbortSignal.abort(new StoppedBySignal('SIGTERM')),
      onBegin: (stopsItself: boolean) => began.push(stopsItself),
    };
    expect(await runCommandLine([name], streams, [wait(true), wait(false)], '1.2.3')).toBe(code);
    expect({ stderr, began }).toEqual({ stderr: 'lookalike: stopped by SIGTERM\n', began: [] });
  });
});
