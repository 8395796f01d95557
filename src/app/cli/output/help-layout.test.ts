import { expect, it } from 'vitest';
import { commandNames, commandsFor } from '../command-list.ts';
import { runCommandLine } from '../run-command-line.ts';
import { helpWidth } from './help-layout.ts';

it('is the terminal, else COLUMNS, else 80, and never too wide to read', () => {
  expect(helpWidth(72, '100')).toBe(72);
  expect(helpWidth(undefined, '100')).toBe(100);
  for (const nothing of [undefined, '', '0', '-3', 'wide']) expect(helpWidth(undefined, nothing)).toBe(80);
  expect(helpWidth(0, undefined)).toBe(80);
  expect(helpWidth(400, undefined)).toBe(110);
});

async function helpOf(name: string, columns: number): Promise<string[]> {
  let stdout = '';
  const streams = {
    stdout: { columns, write: (text: string) => (stdout += text) },
    stderr: { write: () => true },
    signal: new AbortController().signal,
  };
  await runCommandLine([name, '--help'], streams, await commandsFor([name]), '0');
  return stdout.split('\n');
}

it.each(commandNames)('wraps the help of %s once: no line is short though the next word had room', async (name) => {
  for (const columns of [60, 80, 97, 110, 200]) {
    const lines = await helpOf(name, columns);
    const end = lines.findIndex((line) => /^Examples?:$/.test(line));
    expect(end).toBeGreaterThan(0);
    const width = Math.min(columns, 110);
    for (const [place, line] of lines.slice(0, end - 1).entries()) {
      if (!/^Usage/.test(line)) expect(line.length, line).toBeLessThanOrEqual(width);
      const next = lines[place + 1];
      // A line that goes on: within the description, or in the column of descriptions.
      const goesOn = /^[a-zA-Z*"+]/.test(line) && /^\S/.test(next) && !/^(Usage|\w[\w ,]*:$)/.test(line);
      const inColumn = /^ {6,}\S/.test(next) && /^ *\S.*\S {2,}\S|^ {6,}\S/.test(line);
      if (!goesOn && !inColumn) continue;
      const [word] = next.trim().split(' ');
      expect(line.length + 1 + word.length, `${line}\n${next}`).toBeGreaterThan(width);
    }
  }
});
