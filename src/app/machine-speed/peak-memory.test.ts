import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

// The built file: a process cannot load TypeScript.
const built = pathToFileURL(path.resolve('dist/app/machine-speed/peak-memory.js')).href;

/** What a process that holds some megabytes says, started by one that holds 400 MB. */
function peakOf(megabytes: number): number {
  const code = `import { peakMemory } from '${built}'; const held = Buffer.alloc(${megabytes * 1e6}, 1); console.log(peakMemory() + 0 * held[0]);`;
  const parent = `const held = Buffer.alloc(4e8, 1);
    require('child_process').execFileSync(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(code)}], { stdio: 'inherit' }); held[0]`;
  return Number(execFileSync(process.execPath, ['-e', parent], { encoding: 'utf8' }));
}

it('is what the process had itself, not what the one that started it had', () => {
  const small = peakOf(1);
  expect(small).toBeGreaterThan(10e6);
  expect(small).toBeLessThan(200e6);
  const larger = peakOf(151) - small;
  expect(larger).toBeGreaterThan(130e6);
  expect(larger).toBeLessThan(170e6);
});
