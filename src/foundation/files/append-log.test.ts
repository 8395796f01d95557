import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { makePipe } from '../../../test/support/special-files.ts';
import { AppendLog } from './append-log.ts';

const root = mkdtempSync(path.join(tmpdir(), 'append-log-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let file: string;
let count = 0;
beforeEach(() => {
  file = path.join(root, `${count++}.jsonl`);
});

async function logOf(...values: number[]): Promise<AppendLog> {
  const log = await AppendLog.open(file);
  for (const step of values) await log.append({ step });
  return log;
}

describe('AppendLog', () => {
  it('keeps values in order across openings, however the calls overlap', async () => {
    const log = await AppendLog.open(file);
    await Promise.all([1, 2, 3].map((step) => log.append({ step }, { flush: step === 2 })));
    await log.flush();
    await log.close();
    const again = await AppendLog.open(file);
    await again.append({ step: 4, note: 'a\nb "ü"' });
    expect(await again.read()).toEqual([{ step: 1 }, { step: 2 }, { step: 3 }, { step: 4, note: 'a\nb "ü"' }]);
    await again.close();
    expect(readFileSync(file, 'utf8').split('\n')[3]).toBe('{"step":4,"note":"a\\nb \\"ü\\""}');
  });

  it('can be looked at while somebody writes: a line that is not whole is left out and left alone', async () => {
    const torn = '{"step":1}\n{"step":2}\n{"st';
    writeFileSync(file, torn);
    expect(await AppendLog.peek(file)).toEqual([{ step: 1 }, { step: 2 }]);
    expect(readFileSync(file, 'utf8')).toBe(torn);
    await expect(AppendLog.peek(`${file}.none`)).rejects.toThrow(/^cannot read '.*none': there is no such file/);
    writeFileSync(file, 'x\n{}\n');
    await expect(AppendLog.peek(file)).rejects.toThrow(/^line 1 of '.*' is not JSON/);
  });

  it('cuts off a line torn at any byte, and only that', async () => {
    const whole = '{"step":1}\n{"step":2}\n';
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
        writeFileSync(file, whole);
        truncateSync(file, length);
        const log = await AppendLog.open(file);
        await log.append({ step: 9 });
        await log.close();
        const kept = length < 11 ? '' : length < 22 ? '{"step":1}\n' : whole;
        expect(readFileSync(file, 'utf8')).toBe(`${kept}{"step":9}\n`);
      }),
    );
  });

  it('takes a last line of zeros, as a power cut may leave it, for a torn one', async () => {
    writeFileSync(file, '{"step":1}\n\0\0\0\0\n');
    const log = await AppendLog.open(file);
    expect(await log.read()).toEqual([{ step: 1 }]);
    await log.close();
  });

  it('is cut back to a step, and goes on from there', async () => {
    const log = await logOf(1, 2, 3, 4, 5);
    expect(await log.truncateAfter((entry) => (entry as { step: number }).step <= 3)).toBe(2);
    await log.append({ step: 40 });
    expect(await log.truncateAfter(() => true)).toBe(0);
    await log.close();
    expect(readFileSync(file, 'utf8')).toBe('{"step":1}\n{"step":2}\n{"step":3}\n{"step":40}\n');
    const again = await AppendLog.open(file);
    expect(await again.truncateAfter(() => false)).toBe(4);
    expect(await again.read()).toEqual([]);
    await again.close();
  });

  it('names the line that is not JSON', async () => {
    writeFileSync(file, '{"step":1}\nhello\n{"step":2}\n');
    await expect(AppendLog.open(file)).rejects.toThrow(`line 2 of '${file}' is not JSON: remove the line`);
    expect(readFileSync(file, 'utf8')).toBe('{"step":1}\nhello\n{"step":2}\n');
  });

  it('has no part of a value that the disk had no room for, and goes on behind it', async () => {
    // A child whose files may have 1,024 bytes; it runs the built file. What does not fit is written in part, then refused.
    const built = pathToFileURL(path.join(import.meta.dirname, '../../../dist/foundation/files/append-log.js')).href;
    const script = `
      import { AppendLog } from '${built}';
      const log = await AppendLog.open(${JSON.stringify(file)});
      await log.append({ step: 1, note: 'x'.repeat(900) });
      const error = await log.append({ step: 2, note: 'y'.repeat(300) }).catch((error) => error.message);
      await log.append({ step: 3 });
      console.log(JSON.stringify({ error, steps: (await log.read()).map(({ step }) => step) }));
      await log.close();
    `;
    const argv = ['-c', 'ulimit -f 1; exec "$@"', 'bash', process.execPath, '--input-type=module', '-e', script];
    const { stdout, stderr } = spawnSync('bash', argv, { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      error: expect.stringMatching(/^cannot write '.*jsonl': the file would be larger/),
      steps: [1, 3],
    });
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).step)).toEqual([1, 3]);
  });

  it('refuses what JSON cannot hold, and stays as it was', async () => {
    const log = await logOf(1);
    await expect(log.append({ loss: Number.NaN })).rejects.toThrow(`a line of '${file}'.loss is NaN`);
    await log.append({ step: 2 });
    expect(await log.read()).toEqual([{ step: 1 }, { step: 2 }]);
    await log.close();
  });

  it('does not wait for a pipe', async () => {
    const pipe = path.join(root, 'pipe');
    makePipe(pipe);
    await expect(AppendLog.open(pipe)).rejects.toThrow(
      `cannot open '${pipe}': it is a named pipe, not an ordinary file`,
    );
    await expect(AppendLog.peek(pipe)).rejects.toThrow(
      `cannot read '${pipe}': it is a named pipe, not an ordinary file`,
    );
  });

  it('says which file cannot be opened, or is closed', async () => {
    await expect(AppendLog.open(root)).rejects.toThrow(`cannot open '${root}': it is a folder (EISDIR); name a file`);
    const log = await logOf(1);
    await log.close();
    await expect(log.append({ step: 2 })).rejects.toThrow(`cannot write '${file}'`);
  });

  it('does not read what others add while it is open', async () => {
    const log = await logOf(1);
    appendFileSync(file, '{"step":');
    expect(await log.read()).toEqual([{ step: 1 }]);
    await log.close();
  });
});
