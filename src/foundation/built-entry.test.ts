import { describe, expect, it } from 'vitest';
import { builtEntry } from './built-entry.ts';

describe('builtEntry', () => {
  it('is the file beside a built module, wherever that is', () => {
    const entry = builtEntry('file:///package/dist/cli/main-1a2b.js', 'engine-worker');
    expect(entry.href).toBe('file:///package/dist/cli/engine-worker.js');
  });

  it('is the built file of the library for a source', () => {
    const source = new URL('../engines/worker/worker-engine.ts', import.meta.url);
    const built = new URL('../../dist/library/engine-worker.js', import.meta.url);
    expect(builtEntry(source.href, 'engine-worker').href).toBe(built.href);
  });

  it('refuses a file that is not built, and says what to do', () => {
    expect(() => builtEntry(import.meta.url, 'no-such-thread')).toThrow(
      /dist[/\\]library[/\\]no-such-thread\.js', which is not there: build it with 'npm run build'/,
    );
  });
});
