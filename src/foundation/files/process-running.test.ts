import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isRunning, processBegin } from './process-running.ts';

it('tells a living process from one that has ended', () => {
  expect(isRunning(process.pid)).toBe(true);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  expect(isRunning(pid)).toBe(false);
  expect(processBegin(pid)).toBeUndefined();
});

it.runIf(process.platform === 'linux')(
  'says when a process began, and counts none that only waits to be buried',
  async () => {
    expect(processBegin(process.pid)).toMatch(/^\d+$/);
    // A shell that becomes another program leaves its child to that, which does not ask after it.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60']);
    try {
      const [text] = await once(parent.stdout, 'data');
      const child = Number(text);
      while (isRunning(child)) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(processBegin(child)).toMatch(/^\d+$/);
    } finally {
      parent.kill('SIGKILL');
    }
  },
);
